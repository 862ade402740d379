package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.LogSettings;
import io.opsproxy.dataplane.config.model.ProxySettings.RelayChoice;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ConfigKeys;
import io.opsproxy.dataplane.config.schema.MeshKeys;
import io.opsproxy.dataplane.config.schema.PeerKeys;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.ConnectRule;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.Revocation;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every key of the plain sections, in every spelling and layer. */
class ConfigKeysTest {
  /** A key with three values that differ from its default and from each other. */
  private record Case(
      String path, List<String> values, List<Object> read, Function<Config, Object> from) {}

  private static Case seconds(String path, Function<Config, Object> from) {
    return new Case(
        path,
        List.of("7", "0.25", "90m"),
        List.of(Duration.ofSeconds(7), Duration.ofMillis(250), Duration.ofMinutes(90)),
        from);
  }

  private static Case number(String path, Function<Config, Object> from) {
    return new Case(path, List.of("7", "8", "9"), List.of(7, 8, 9), from);
  }

  private static Case address(String path, Function<Config, Object> from) {
    return new Case(
        path,
        List.of(":1111", "127.0.0.1:2222", "[::1]:3333"),
        List.of(
            new BindAddress("", 1111),
            new BindAddress("127.0.0.1", 2222),
            new BindAddress("::1", 3333)),
        from);
  }

  private static Case cidrs(String path, Function<Config, Object> from) {
    return new Case(
        path,
        List.of("10.0.0.0/8", "10.0.0.1,fd00::/8", "192.0.2.0/24"),
        List.of(
            List.of(Cidr.parse("10.0.0.0/8")),
            List.of(Cidr.parse("10.0.0.1"), Cidr.parse("fd00::/8")),
            List.of(Cidr.parse("192.0.2.0/24"))),
        from);
  }

  private static final List<Case> CASES =
      List.of(
          address("peer.bind_addr", c -> c.peer().bindAddress()),
          address("peer.bind_addr", c -> c.listeners().get(0).address()),
          address("peer.listen_address", c -> c.peer().metricsAddress()),
          new Case(
              "peer.telemetry_path",
              List.of("/a", "/b/c", "/"),
              List.of("/a", "/b/c", "/"),
              c -> c.peer().telemetryPath()),
          seconds("peer.connection_timeout", c -> c.peer().connectionTimeout()),
          seconds("peer.registration_read_timeout", c -> c.peer().registrationReadTimeout()),
          new Case(
              "peer.remote_peer_addr",
              List.of("a:1", "b:2, c:3,,", "[fd00::1]:4"),
              List.of(
                  List.of(new HostPort("a", 1)),
                  List.of(new HostPort("b", 2), new HostPort("c", 3)),
                  List.of(new HostPort("fd00::1", 4))),
              c -> c.peer().remotePeers()),
          new Case(
              "peer.service_addr",
              List.of("a:1", "b:h:2", "b:h"),
              List.of(
                  List.of(ConfigLoaderTest.shortForm("a", "a", 1)),
                  List.of(ConfigLoaderTest.shortForm("b", "h", 2)),
                  List.of(ConfigLoaderTest.shortForm("b", "h", 80))),
              Config::services),
          new Case(
              "peer.peer_name",
              List.of("a", "b-1", "c.d"),
              List.of("a", "b-1", "c.d"),
              c -> c.peer().name()),
          new Case(
              "peer.local_peer_addr",
              List.of("a", "b:1", "[fd00::1]"),
              List.of(new HostPort("a", 6443), new HostPort("b", 1), new HostPort("fd00::1", 6443)),
              c -> c.peer().advertisedAddress()),
          seconds("peer.reconnect_interval", c -> c.peer().reconnectInterval()),
          number("peer.max_reconnect", c -> c.peer().maxReconnect()),
          seconds("peer.heartbeat_interval", c -> c.peer().heartbeatInterval()),
          seconds("peer.drain_delay", c -> c.peer().drainDelay()),
          seconds("peer.drain_timeout", c -> c.peer().drainTimeout()),
          new Case(
              "log.level",
              List.of("debug", "WARN", "error"),
              List.of(LogSettings.Level.DEBUG, LogSettings.Level.WARN, LogSettings.Level.ERROR),
              c -> c.log().level()),
          new Case(
              "log.format",
              List.of("json", "JSON", "Json"),
              List.of(LogSettings.Format.JSON, LogSettings.Format.JSON, LogSettings.Format.JSON),
              c -> c.log().format()),
          seconds("proxy.dial_timeout", c -> c.proxy().dialTimeout()),
          seconds("proxy.read_timeout", c -> c.proxy().readTimeout()),
          seconds("proxy.idle_timeout", c -> c.proxy().idleTimeout()),
          seconds("proxy.half_closed_timeout", c -> c.proxy().halfClosedTimeout()),
          number("proxy.threads", c -> c.proxy().threads()),
          new Case(
              "proxy.relay",
              List.of("kernel", "CHANNEL", "channel"),
              List.of(RelayChoice.KERNEL, RelayChoice.CHANNEL, RelayChoice.CHANNEL),
              c -> c.proxy().relay()),
          new Case(
              "proxy.default_service",
              List.of("a", "B.", "c"),
              List.of(new HostName("a"), new HostName("b"), new HostName("c")),
              c -> c.listeners().get(0).defaultService().orElse(null)),
          seconds("proxy.detect_timeout", c -> c.listeners().get(0).detectTimeout()),
          new Case(
              "access.connect",
              List.of("a:1", "10.0.0.0/8:*", "*.b:2"),
              List.of(
                  List.of(ConnectRule.parse("a:1")),
                  List.of(ConnectRule.parse("10.0.0.0/8:*")),
                  List.of(ConnectRule.parse("*.b:2"))),
              c -> c.access().connect()),
          cidrs("access.trusted_proxies", c -> c.access().trustedProxies()),
          cidrs("mesh.legacy_peers", c -> c.mesh().legacyPeers().orElse(List.of())),
          number("mesh.weight", c -> c.mesh().weight()),
          new Case(
              "mesh.revoked",
              List.of("serial:0A:1b", "a, b", "spiffe://mesh.example.com/peer/west"),
              List.of(
                  List.of(new Revocation("serial:a1b")),
                  List.of(new Revocation("a"), new Revocation("b")),
                  List.of(new Revocation("spiffe://mesh.example.com/peer/west"))),
              c -> c.mesh().revoked()),
          number("limits.max_connections", c -> c.limits().maxConnections()),
          number("limits.max_connections_per_source", c -> c.limits().maxConnectionsPerSource()),
          number("limits.max_connections_per_name", c -> c.limits().maxConnectionsPerName()),
          number("limits.max_sniffing", c -> c.limits().maxSniffing()),
          number("limits.max_sniffing_per_source", c -> c.limits().maxSniffingPerSource()),
          number("limits.max_links", c -> c.limits().maxLinks()),
          number("limits.max_links_per_source", c -> c.limits().maxLinksPerSource()),
          number("limits.max_forwards_per_link", c -> c.limits().maxForwardsPerLink()),
          new Case(
              "admin.address",
              List.of(":1", "127.0.0.1:2", "[::1]:3"),
              List.of(
                  new BindAddress("", 1),
                  new BindAddress("127.0.0.1", 2),
                  new BindAddress("::1", 3)),
              c -> c.admin().address().orElse(null)));

  /** With fewer than three values, or none that is bad by itself: {@link MeshKeysTest}. */
  private static final Set<ConfigKey<?>> ELSEWHERE =
      Set.of(
          MeshKeys.IDENTITY,
          MeshKeys.TRUST,
          MeshKeys.CERTIFICATE,
          MeshKeys.KEY,
          MeshKeys.CRL,
          MeshKeys.TRANSIT,
          MeshKeys.DATA_ENCRYPTION);

  private static Stream<Arguments> cases() {
    return CASES.stream().map(Arguments::of);
  }

  @Test
  void theCasesAreAllPlainKeys() {
    assertThat(CASES.stream().map(Case::path).distinct())
        .containsExactlyInAnyOrderElementsOf(
            ConfigKeys.all().stream()
                .filter(key -> key.standing() == ConfigKey.Standing.CURRENT)
                .filter(key -> !key.section().isEmpty() && !key.section().contains("[]"))
                .filter(key -> key != PeerKeys.BACKENDS && !ELSEWHERE.contains(key))
                .map(ConfigKey::path)
                .toList());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFileSetsIt(Case c) {
    for (int i = 0; i < c.values.size(); i++) {
      assertThat(c.from.apply(inFile(c, i).config())).isEqualTo(c.read.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void eachVariableSetsItOverTheFileAndTheFirstOneOverTheOthers(Case c) {
    List<String> variables = key(c).variables();
    assertThat(variables).isNotEmpty();
    for (String variable : variables) {
      assertThat(c.from.apply(inFile(c, 0).variable(variable, c.values.get(1)).config()))
          .as(variable)
          .isEqualTo(c.read.get(1));
      assertThat(c.from.apply(inFile(c, 0).variable(variable, " ").config()))
          .as("%s, set to nothing", variable)
          .isEqualTo(c.read.get(0));
    }
    Loading all = inFile(c, 0);
    variables.forEach(variable -> all.variable(variable, c.values.get(1)));
    all.variable(variables.get(0), c.values.get(2));
    assertThat(c.from.apply(all.config())).isEqualTo(c.read.get(2));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void theFlagSetsItOverAll(Case c) {
    ConfigKey<?> key = key(c);
    if (!key.flag().isEmpty()) {
      assertThat(
              c.from.apply(
                  inFile(c, 0)
                      .variable(key.variables().get(0), c.values.get(1))
                      .flag(key.flag(), c.values.get(2))
                      .config()))
          .isEqualTo(c.read.get(2));
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aBadValueInAnyLayerIsAnErrorThatNamesThePlaceAndTheValue(Case c) {
    ConfigKey<?> key = key(c);
    String bad = "bad \u0001 value::";
    assertThat(Loading.yaml(key.section() + ": {" + key.name() + ": {no: section}}").problems())
        .singleElement()
        .asString()
        .startsWith("error 1 " + c.path + ": ");
    for (String variable : key.variables()) {
      // The last variable is passed over for the first, and is checked all the same.
      assertThat(
              Loading.nothing()
                  .variable(variable, bad)
                  .flag("--bind-addr", "127.0.0.1:1")
                  .problems())
          .isNotEmpty()
          .allSatisfy(
              problem ->
                  assertThat(problem)
                      .startsWith("error " + variable + ": ")
                      .contains("\"bad \\u0001 value"));
    }
    if (!key.flag().isEmpty()) {
      assertThat(Loading.nothing().flag(key.flag(), "").problems())
          .singleElement()
          .asString()
          .startsWith("error " + key.flag() + ": \"\": ");
    }
  }

  @Test
  void variablesOfTheSeedAndOfTheOlderProgramAreAllKnown() {
    List<String> variables =
        ConfigKeys.all().stream().flatMap(key -> key.variables().stream()).toList();
    assertThat(variables)
        .doesNotHaveDuplicates()
        .contains("SERVICE_ADDR", "REMOTE_PEER_ADDR", "PEER_NAME", "LOCAL_PEER_ADDR", "SRV_ADDR")
        .contains("PEER_RECONNECT_INTERVAL_SECONDS", "PEER_MAX_RECONNECT")
        .contains("PEER_HEARTBEAT_INTERVAL_SECONDS", "PEER_LISTEN_ADDRESS", "PEER_TELEMETRY_PATH")
        .contains("PEER_CONNECTION_TIMEOUT_SECONDS", "PEER_REGISTRATION_READ_TIMEOUT_SECONDS")
        .contains("PEER_BIND_ADDR", "LOG_LEVEL", "LOG_FORMAT")
        .contains("PROXY_DIAL_TIMEOUT_SECONDS", "PROXY_READ_TIMEOUT_SECONDS")
        .contains("SERVER_BIND_ADDR", "SERVER_LISTEN_ADDRESS", "SERVER_TELEMETRY_PATH")
        .contains("SERVER_CONNECTION_TIMEOUT_SECONDS", "SERVER_REGISTRATION_READ_TIMEOUT_SECONDS")
        .contains("CLIENT_NAME", "CLIENT_SERVER_ADDR", "CLIENT_BACKEND_ADDR")
        .contains("CLIENT_RECONNECT_INTERVAL_SECONDS", "CLIENT_MAX_RECONNECT")
        .contains("CLIENT_HEARTBEAT_INTERVAL_SECONDS")
        .contains("PEER_DRAIN_DELAY_SECONDS", "PEER_DRAIN_TIMEOUT_SECONDS", "PROXY_THREADS")
        .contains("PROXY_IDLE_TIMEOUT_SECONDS", "PROXY_HALF_CLOSED_TIMEOUT_SECONDS");
  }

  @Test
  void everyFixedDefaultIsAValueOfItsKey() {
    assertThat(ConfigKeys.all())
        .filteredOn(ConfigKey::hasFixedDefault)
        .hasSizeGreaterThan(20)
        .allSatisfy(key -> assertThat(key.fallback()).isNotNull());
  }

  private static Loading inFile(Case c, int value) {
    ConfigKey<?> key = key(c);
    return Loading.yaml(key.section() + ":", "  " + key.name() + ": '" + c.values.get(value) + "'");
  }

  private static ConfigKey<?> key(Case c) {
    return ConfigKeys.all().stream()
        .filter(key -> key.path().equals(c.path))
        .findFirst()
        .orElseThrow();
  }
}
