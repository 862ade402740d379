package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.read.PeerIdentity;
import io.opsproxy.dataplane.config.schema.ValueTypes;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.Nearest;
import io.opsproxy.dataplane.config.value.Quoted;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Durations, spelling help, quoting, and the defaults that come from the environment. */
class ValuesTest {
  @ParameterizedTest
  @CsvSource({
    "5, PT5S",
    "0.5, PT0.5S",
    "' 5 ', PT5S",
    "500ms, PT0.5S",
    "5s, PT5S",
    "2m, PT2M",
    "1h, PT1H",
    "1h30m, PT1H30M",
    "1.5h, PT1H30M",
    "1s500ms, PT1.5S",
    "100us, PT0.0001S",
    "1ns, PT0.000000001S",
    "366.0000000000, PT6M6S",
    "8784h, PT8784H",
    "0.0000000019, PT0.000000001S",
    "000000000000000000005, PT5S",
    "0.1h, PT6M",
  })
  void durations(String text, Duration duration) {
    assertThat(ValueTypes.DURATION.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "s",
        "5x",
        "5 s",
        "1d",
        "1e3",
        "0x5",
        ".5",
        "5.",
        "1..2",
        "1.2.3",
        "5s3",
        "s5",
        "NaN",
        "Infinity",
        "+5",
        "1,5",
        "٥"
      })
  void noDurations(String text) {
    assertThatThrownBy(() -> ValueTypes.DURATION.parse(text))
        .hasMessage("\"" + text + "\": not a duration");
  }

  @Test
  void durationsHaveBounds() {
    assertThatThrownBy(() -> ValueTypes.DURATION.parse("0")).hasMessageContaining("more than 0");
    assertThatThrownBy(() -> ValueTypes.DURATION.parse("0.0000000001"))
        .hasMessageContaining("more than 0");
    assertThatThrownBy(() -> ValueTypes.DURATION.parse("1".repeat(1000)))
        .hasMessageContaining("at most 366 days");
    assertThatThrownBy(() -> ValueTypes.DURATION.parse("9h".repeat(1000)))
        .hasMessageContaining("at most 366 days");
    assertThatThrownBy(() -> ValueTypes.DURATION.parse("8784h1ns"))
        .hasMessageContaining("at most 366 days");
    assertThat(ValueTypes.DURATION_OR_ZERO.parse("0s")).isEqualTo(Duration.ZERO);
    assertThatThrownBy(() -> ValueTypes.DURATION_OR_ZERO.parse("-1s"))
        .hasMessageContaining("must not be negative");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{seconds: 5} | PT5S",
        "{seconds: 5, nanos: 500000000} | PT5.5S",
        "{nanos: 1000000} | PT0.001S",
        "{seconds: '5'} | PT5S",
      })
  void durationsInTheFormOfEnvoy(String yaml, Duration duration) {
    assertThat(Loading.yaml("proxy: {idle_timeout: " + yaml + "}").config().proxy().idleTimeout())
        .isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{second: 5}",
        "{seconds: 5, more: 1}",
        "{seconds: [5]}",
        "{seconds: x}",
        "{seconds: 0}",
        "{seconds: -1}",
        "[5]"
      })
  void badDurationsInTheFormOfEnvoy(String yaml) {
    assertThat(Loading.yaml("proxy: {idle_timeout: " + yaml + "}").problems())
        .singleElement()
        .asString()
        .startsWith("error 1 proxy.idle_timeout: ");
  }

  @ParameterizedTest
  @CsvSource({
    "bind_adr, bind_addr",
    "bind-addr, bind_addr",
    "Bind_Addr, bind_addr",
    "bnid_addr, bind_addr",
    "lvl, level",
    "entirely_else, ",
    "x, ",
  })
  void nearest(String word, String known) {
    assertThat(Nearest.of(word, List.of("listen_address", "bind_addr", "level"))).isEqualTo(known);
    assertThat(Nearest.of("x".repeat(1_000_000), List.of("x".repeat(64)))).isNull();
  }

  @Test
  void quotedTextIsShortAndOnOneLine() {
    assertThat(Quoted.of("a\nb\tc\u0000\u2028\u001b[1m"))
        .isEqualTo("\"a\\nb\\tc\\u0000\\u2028\\u001b[1m\"");
    assertThat(Quoted.of("x".repeat(500))).hasSize(125).endsWith("...\"");
  }

  @ParameterizedTest
  @CsvSource({
    "peer-1, pod, host, peer-1",
    "'', pod, host, pod",
    "'', '', host, host",
    "'', 'a:b,c d', host, a-b-c-d",
  })
  void peerNames(String configured, String pod, String host, String name) {
    assertThat(
            Loading.nothing()
                .variable("PEER_NAME", configured)
                .variable("POD_NAME", pod)
                .variable("HOSTNAME", host)
                .config()
                .peer()
                .name())
        .isEqualTo(name);
  }

  @Test
  void aPeerIsNamedAfterItsMachineAtLast() {
    assertThat(Loading.nothing().config().peer().name())
        .isEqualTo(PeerIdentity.machineName())
        .isNotEmpty()
        .doesNotContain(":", ",", " ", "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "lb.example:1, 10.0.0.1, 192.0.2.1:6443, lb.example:1",
    "lb.example, 10.0.0.1, 192.0.2.1:6443, lb.example:6443",
    "[fd00::1], 10.0.0.1, :7000, [fd00::1]:7000",
    "'', 10.0.0.1, 192.0.2.1:6443, 10.0.0.1:6443",
    "'', fd00::1, :6443, [fd00::1]:6443",
    "'', '', 192.0.2.1:6443, 192.0.2.1:6443",
    "'', not an address, 192.0.2.1:6443, 192.0.2.1:6443",
    "'', '', 127.0.0.1:6443, 127.0.0.1:6443",
  })
  void advertisedAddresses(String configured, String podIp, String bind, String advertised) {
    assertThat(
            Loading.nothing()
                .variable("LOCAL_PEER_ADDR", configured)
                .variable("POD_IP", podIp)
                .flag("--bind-addr", bind)
                .config()
                .peer()
                .advertisedAddress())
        .hasToString(advertised);
  }

  @ParameterizedTest
  @ValueSource(strings = {":6443", "0.0.0.0:6443", "[::]:6443"})
  void aWildcardNamesNoHostToAdvertise(String bind) {
    assertThat(Loading.nothing().flag("--bind-addr", bind).config().peer().advertisedAddress())
        .isEqualTo(new HostPort(PeerIdentity.machineName(), 6443));
  }

  @Test
  void oldNamesInTheFileMeanWhatTheySay() {
    Config config =
        Loading.yaml(
                "peer:",
                "  client_name: old",
                "  remote_peer_addr: [a:1]",
                "  server_addr: b:2,a:1",
                "  peer_addr: c:3",
                "  backend_addr: web:h:80",
                "  backends:",
                "  - {name: api, address: 'i:81'}")
            .config();
    assertThat(config.peer().name()).isEqualTo("old");
    assertThat(config.peer().remotePeers())
        .map(Object::toString)
        .containsExactly("a:1", "b:2", "c:3");
    assertThat(config.services())
        .containsExactlyInAnyOrder(
            ConfigLoaderTest.shortForm("web", "h", 80), ConfigLoaderTest.shortForm("api", "i", 81));
  }

  @Test
  void aVariableReplacesTheListsOfTheFileWithTheirOldNames() {
    Config config =
        Loading.yaml(
                "peer: {remote_peer_addr: 'a:1', server_addr: 'b:2', peer_addr: 'c:3',",
                "  backend_addr: 'x:1', client_name: old}",
                "services: [{name: kept, endpoints: ['k:1']}]")
            .variable("REMOTE_PEER_ADDR", "d:4")
            .variable("SERVICE_ADDR", "y:2")
            .variable("PEER_NAME", "new")
            .config();
    assertThat(config.peer().remotePeers()).containsExactly(new HostPort("d", 4));
    assertThat(config.peer().name()).isEqualTo("new");
    assertThat(config.services())
        .extracting(s -> s.names().get(0).value())
        .containsExactly("kept", "y");
  }

  @Test
  void aServiceWithoutANameTakesThatOfThePeer() {
    assertThat(
            Loading.nothing()
                .variable("PEER_NAME", "Peer-A")
                .variable("SERVICE_ADDR", "backend")
                .config()
                .services())
        .containsExactly(ConfigLoaderTest.shortForm("peer-a", "backend", 80));
  }
}
