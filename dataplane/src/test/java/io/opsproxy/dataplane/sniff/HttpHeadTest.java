package io.opsproxy.dataplane.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpHeadTest {
  private static Sniff http(String host, HostPort connect, byte[] head) {
    return new Sniff.Http(new HostName(host), Optional.ofNullable(connect), head.length);
  }

  /** Lines are separated by a bar; the empty line is added. */
  static byte[] head(String lines) {
    return Bytes.text(lines.replace("|", "\r\n") + "\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource({
    "GET / HTTP/1.1|Host: web.example.com, web.example.com",
    "GET / HTTP/1.1|host:web, web",
    "'GET / HTTP/1.1|HOST: \t Web.Example.COM.:8080 \t ', web.example.com",
    "GET / HTTP/1.1|Accept: */*|Host: a|X-Empty:|X: a\tb\u00e9, a",
    "GET / HTTP/1.1|Hos: x|Hostt: y|Host: a|X-Host: z, a",
    "GET /p?q=http://other/#f HTTP/1.1|Host: a, a",
    "GET /\u00e9 HTTP/1.1|Host: a, a",
    "GET / HTTP/1.0|Host: a, a",
    "GET / HTTP/1.1|Host: [::1]:80, [::1]",
    "GET / HTTP/1.1|Host: 10.0.0.1:80, 10.0.0.1",
    "GET // HTTP/1.1|Host: a, a",
    "OPTIONS * HTTP/1.1|Host: a, a",
    "PATCH / HTTP/1.1|Host: a, a",
    "PROPFIND / HTTP/1.1|Host: a, a",
    "M-SEARCH * HTTP/1.1|Host: 239.255.255.250:1900, 239.255.255.250",
    "get / HTTP/1.1|Host: a, a",
    "CONNECTED / HTTP/1.1|Host: a, a",
    "GET http://web.example.com/ HTTP/1.1|Host: other, web.example.com",
    "GET http://web HTTP/1.1|Host: other, web",
    "GET http://web:8080/x@y HTTP/1.1|Host: other, web",
    "GET http://web?q=@ HTTP/1.1|Host: other, web",
    "GET http://web#f HTTP/1.1|Host: other, web",
    "GET HTTPS://Web/ HTTP/1.1|Host: other, web",
    "GET hTTp://[::1]:80/ HTTP/1.1|Host: other, [::1]",
    "GET http://web/ HTTP/1.0, web",
    "GET http://web/ HTTP/1.0|X: y, web",
  })
  void hostOfARequest(String lines, String host) {
    byte[] head = head(lines);
    Cuts.assertDecidedByLastByte(head, http(host, null, head));
  }

  @ParameterizedTest
  @CsvSource({
    "CONNECT web.example.com:443 HTTP/1.1|Host: web.example.com:443, web.example.com, web.example.com, 443",
    "CONNECT Web.:443 HTTP/1.1|Host: other, web, web, 443",
    "CONNECT [2001:DB8::1]:1 HTTP/1.1|Host: x, [2001:db8::1], 2001:db8::1, 1",
    "CONNECT 10.0.0.1:65535 HTTP/1.1|Host: x, 10.0.0.1, 10.0.0.1, 65535",
    "CONNECT a:1 HTTP/1.0, a, a, 1",
    "CONNECT a:1 HTTP/1.0|Host: b, a, a, 1",
  })
  void targetOfConnect(String lines, String name, String host, int port) {
    byte[] head = head(lines);
    Cuts.assertDecidedByLastByte(head, http(name, new HostPort(host, port), head));
  }

  @Test
  void bodyIsNotPartOfTheHead() {
    byte[] head = head("POST / HTTP/1.1|Host: a|Content-Length: 3");
    assertThat(Cuts.whole(Bytes.concat(head, Bytes.text("abc")))).isEqualTo(http("a", null, head));
  }

  @Test
  void secondRequestIsNotLookedAt() {
    byte[] head = head("GET / HTTP/1.1|Host: a");
    byte[] two = Bytes.concat(head, head("GET / HTTP/1.1|Host: b|Host: c"));
    assertThat(Cuts.whole(two)).isEqualTo(http("a", null, head));
  }

  @Test
  void longestHeadIsTakenAndOneByteMoreIsNot() {
    byte[] empty = head("GET / HTTP/1.1|Host: a|X: ");
    String padding = "x".repeat(HttpHeadParser.MAX_HEAD - empty.length);
    byte[] longest = head("GET / HTTP/1.1|Host: a|X: " + padding);
    assertThat(longest).hasSize(64 * 1024);
    assertThat(Cuts.whole(longest)).isEqualTo(http("a", null, longest));
    assertThat(Cuts.byteByByte(longest)).isEqualTo(http("a", null, longest));

    byte[] longer = head("GET / HTTP/1.1|Host: a|X: x" + padding);
    Sniff malformed =
        new Sniff.Malformed(Sniff.Protocol.HTTP, "request head is longer than 64 KiB");
    assertThat(Cuts.whole(longer)).isEqualTo(malformed);
    assertThat(Cuts.byteByByte(longer)).isEqualTo(malformed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET /", "GET http://", "CONNECT a", "GET / HTTP/1.1\r\nX: "})
  void noPartOfAHeadIsLongerThanTheWhole(String start) {
    byte[] bytes = Bytes.text(start + "x".repeat(HttpHeadParser.MAX_HEAD));
    assertThat(Cuts.whole(bytes))
        .isEqualTo(new Sniff.Malformed(Sniff.Protocol.HTTP, "request head is longer than 64 KiB"));
  }
}
