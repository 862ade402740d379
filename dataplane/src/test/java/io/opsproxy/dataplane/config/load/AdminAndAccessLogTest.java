package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.AccessLogSettings;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.read.AccessLogCheck;
import io.opsproxy.dataplane.config.read.AccessLogFormat;
import io.opsproxy.dataplane.config.value.BindAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class AdminAndAccessLogTest {
  @Test
  void thereAreNoAdminPagesUnlessTheSectionStands() {
    assertThat(Loading.nothing().config().admin().address()).isEmpty();
    assertThat(Loading.yaml("admin:").config().admin().address()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "admin: {}, 127.0.0.1:10000",
    "admin: {address: ''}, 127.0.0.1:10000",
    "admin: {address: ':10000'}, :10000",
    "admin: {address: '[::1]:1'}, [::1]:1",
  })
  void theyAreOnLoopbackUnlessAnAddressIsSet(String yaml, String address) {
    assertThat(Loading.yaml(yaml).config().admin().address()).hasValue(BindAddress.parse(address));
  }

  @Test
  void aLogNeedsNoMoreThanAPath() {
    assertThat(Loading.yaml("access_log: {path: /var/log/access.log}").config().accessLogs())
        .containsExactly(
            new AccessLogSettings(
                Path.of("/var/log/access.log"),
                AccessLogFormat.DEFAULT,
                Optional.empty(),
                List.of()));
    assertThat(Loading.nothing().config().accessLogs()).isEmpty();
  }

  @Test
  void severalLogsAreAList() {
    List<AccessLogSettings> logs =
        Loading.yaml(
                "listeners: [{name: k8s, address: ':7443', service: a}]",
                "access_log:",
                "- {path: /dev/stdout, format: '%DURATION% 100%%', listeners: [k8s, peer]}",
                "- path: /tmp/log",
                "  json_format: {when: '%START_TIME(%s)%', b: \"%BYTES_SENT%\"}")
            .config()
            .accessLogs();
    assertThat(logs)
        .containsExactly(
            new AccessLogSettings(
                Path.of("/dev/stdout"),
                "%DURATION% 100%%\n",
                Optional.empty(),
                List.of("k8s", "peer")),
            new AccessLogSettings(
                Path.of("/tmp/log"),
                "",
                Optional.of(Map.of("when", "%START_TIME(%s)%", "b", "%BYTES_SENT%")),
                List.of()));
    assertThat(logs.get(1).jsonFormat().orElseThrow().keySet()).containsExactly("when", "b");
  }

  static Stream<Arguments> problems() {
    String language = "write an operator such as %DURATION%, or %% for a percent sign";
    return Stream.of(
        Arguments.of(
            "admin: {address: ':9090'}",
            List.of(
                "error 1 admin.address: admin.address \":9090\" and peer.listen_address \":9090\""
                    + " cannot both be listened on; give one of them another port or another"
                    + " host")),
        Arguments.of(
            "access_log: [{format: '%DURATION%'}]",
            List.of("error 1 access_log[0]: access log needs path; write the path of a file")),
        Arguments.of(
            "access_log: {path: a, format: x, json_format: {a: b}}",
            List.of(
                "error 1 access_log.json_format: access log has both format and json_format; keep"
                    + " one of the two")),
        Arguments.of(
            "access_log: {path: a, json_format: {a: {b: c}}}",
            List.of(
                "error 1 access_log.json_format.a: access log field \"a\" is a section of keys and"
                    + " values; write one text for each key, without nesting")),
        Arguments.of(
            "access_log: {path: a, json_format: '%DURATION%'}",
            List.of(
                "error 1 access_log.json_format: expected a section of keys and texts, found a"
                    + " single value; write key: \"%OPERATOR%\" on lines of their own")),
        Arguments.of(
            "access_log: {path: a, listeners: [k8s]}",
            List.of(
                "error 1 access_log.listeners[0]: access log names listener \"k8s\", which does not"
                    + " exist; name one of peer")),
        Arguments.of(
            "access_log: {path: a, format: '%DURATON% %ZZZ%'}",
            List.of(
                "error 1 access_log.format: access log operator \"DURATON\" does not exist; did"
                    + " you mean %DURATION%?",
                "error 1 access_log.format: access log operator \"ZZZ\" does not exist; write an"
                    + " operator of Envoy's access log language")),
        Arguments.of(
            "access_log: {path: a, format: '100% sure'}",
            List.of(
                "error 1 access_log.format: access log format is not readable at \"% sure\"; "
                    + language)),
        Arguments.of(
            "access_log: {path: a, format: '%START_TIME(%Y'}",
            List.of(
                "error 1 access_log.format: access log format is not readable at"
                    + " \"%START_TIME(%Y\"; "
                    + language)),
        Arguments.of(
            "access_log: {path: a, format: '%REQ(X?:PATH):9% %PROTOCOL% %REQ(A)% %DURATION%'}",
            List.of(
                "warning 1 access_log.format: access log operators of HTTP appear as - for TCP"
                    + " connections: REQ, PROTOCOL; leave them, or remove them from the format")));
  }

  @ParameterizedTest
  @MethodSource("problems")
  void whatIsWrongIsSaid(String yaml, List<String> problems) {
    assertThat(Loading.yaml(yaml).problems()).isEqualTo(problems);
  }

  @Test
  void theDefaultFormatIsFreeOfComplaint() {
    Problems problems = new Problems();
    AccessLogCheck.check(AccessLogFormat.DEFAULT, Source.DEFAULT, problems);
    assertThat(problems.inOrder()).isEmpty();
  }
}
