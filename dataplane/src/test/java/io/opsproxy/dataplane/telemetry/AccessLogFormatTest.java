package io.opsproxy.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AccessLogFormatTest {
  /** The format of the document that users bring, as printed there. */
  private static final String SEED =
      "[%START_TIME%] %REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL% %RESPONSE_CODE% %RESPONSE_FLAGS%"
          + " %BYTES_RECEIVED% %BYTES_SENT% %DURATION% %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%"
          + " %DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT% %UPSTREAM_HOST% %UPSTREAM_CLUSTER% %UPSTREAM_LOCAL_ADDRESS%"
          + " %DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT% %REQ(X-FORWARDED-FOR)% %REQ(USER-AGENT)% %REQ(X-REQUEST-ID)%"
          + " %REQ(:AUTHORITY)% %UPSTREAM_TRANSPORT_FAILURE_REASON%\n";

  private static AccessRecord entry() {
    AccessRecord entry = new AccessRecord();
    entry.start = Instant.parse("2026-03-04T05:06:07.089Z");
    entry.durationMillis = 1234;
    entry.bytesReceived = 10;
    entry.bytesSent = 20;
    entry.remote = new InetSocketAddress("192.0.2.7", 5555);
    entry.directRemote = new InetSocketAddress("192.0.2.8", 6666);
    entry.local = new InetSocketAddress("127.0.0.1", 6443);
    entry.upstreamHost = new InetSocketAddress("198.51.100.1", 6443);
    entry.upstreamRemote = new InetSocketAddress("198.51.100.1", 6443);
    entry.upstreamLocal = new InetSocketAddress("127.0.0.1", 40000);
    entry.cluster = "k8s_cluster1";
    entry.requestedName = "api.example.com";
    entry.connectionId = 42;
    return entry;
  }

  private static String line(String format) {
    StringBuilder line = new StringBuilder();
    AccessLogFormat.text(format).append(entry(), line);
    return line.toString();
  }

  @Test
  void theFormatOfTheSeedGivesOneLine() {
    assertThat(line(SEED))
        .isEqualTo(
            "[2026-03-04T05:06:07.089Z] - - - 0 - 10 20 1234 - 192.0.2.7 198.51.100.1:6443 k8s_cluster1 127.0.0.1:40000"
                + " 127.0.0.1 - - - - -\n");
  }

  @ParameterizedTest
  @CsvSource({
    "%DOWNSTREAM_REMOTE_ADDRESS%, 192.0.2.7:5555",
    "%DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT%, 192.0.2.8",
    "%DOWNSTREAM_REMOTE_PORT%, 5555",
    "%REQUESTED_SERVER_NAME%, api.example.com",
    "%REQUESTED_SERVER_NAME:3%, api",
    "%CONNECTION_ID%, 42",
    "%START_TIME(%Y/%m/%d %H:%M:%S)%, 2026/03/04 05:06:07",
    "%START_TIME(%s.%3f)%, 1772600767.089",
    "100%%, 100%",
    "plain, plain",
    "%REQ(X?Y):10%, -"
  })
  void operators(String format, String expected) {
    assertThat(line(format)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"%NO_SUCH_OPERATOR%", "%START_TIME", "%DURATION:x%", "%START_TIME(%Q)%"})
  void mistakesAreNamed(String format) {
    assertThatThrownBy(() -> AccessLogFormat.text(format))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("%");
  }

  @Test
  void whatAClientSendsCannotForgeALine() {
    AccessRecord entry = entry();
    entry.requestedName = "a\n\"b\u0007\\";
    StringBuilder line = new StringBuilder();
    AccessLogFormat.text("%REQUESTED_SERVER_NAME%").append(entry, line);
    assertThat(line.toString()).isEqualTo("a\\x0a\\x22b\\x07\\x5c");
  }

  @Test
  void flagsAndReasonsOfAFailure() {
    AccessRecord entry = entry();
    entry.flags = "UF,URX";
    entry.upstreamHost = null;
    entry.upstreamRemote = null;
    entry.upstreamFailure = "endpoint 198.51.100.1:6443: connection refused";
    StringBuilder line = new StringBuilder();
    AccessLogFormat.text(
            "%RESPONSE_FLAGS% %RESPONSE_FLAGS_LONG% %UPSTREAM_HOST% %UPSTREAM_TRANSPORT_FAILURE_REASON%")
        .append(entry, line);
    assertThat(line.toString())
        .isEqualTo(
            "UF,URX UpstreamConnectionFailure,UpstreamRetryLimitExceeded -"
                + " endpoint 198.51.100.1:6443: connection refused");
  }

  @Test
  void jsonHasNumbersStringsAndNulls() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("bytes", "%BYTES_SENT%");
    fields.put("who", "%DOWNSTREAM_REMOTE_ADDRESS%");
    fields.put("method", "%REQ(:METHOD)%");
    fields.put("say \"it\"", "from %UPSTREAM_CLUSTER%");
    StringBuilder line = new StringBuilder();
    AccessLogFormat.json(fields).append(entry(), line);
    assertThat(line.toString())
        .isEqualTo(
            "{\"bytes\":20,\"who\":\"192.0.2.7:5555\",\"method\":null,\"say \\\"it\\\"\":\"from k8s_cluster1\"}\n");
  }
}
