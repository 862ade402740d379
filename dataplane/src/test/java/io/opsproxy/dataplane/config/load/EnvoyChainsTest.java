package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ListenerConfig.ProxyHeader;
import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.value.HostName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Listeners of Envoy's with several filter chains. */
class EnvoyChainsTest {
  private static final String TYPE = "\"@type\": type.googleapis.com/envoy.";

  /** A chain with this match, to this cluster. */
  private static String chain(String match, String cluster, String more) {
    return "{filter_chain_match: {"
        + match
        + "}, filters: [{name: tcp, typed_config: {"
        + TYPE
        + "extensions.filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: x, cluster: "
        + cluster
        + more
        + "}}]}";
  }

  private static String chain(String match, String cluster) {
    return chain(match, cluster, "");
  }

  /** A listener with these fields, and the clusters a, b and c. */
  private static Loading listener(String fields) {
    return Loading.yaml(
        "static_resources:",
        "  listeners:",
        "  - name: edge",
        "    address: {socket_address: {address: 127.0.0.1, port_value: 7000}}",
        "    " + fields,
        "  clusters:",
        cluster("a"),
        cluster("b"),
        cluster("c"));
  }

  private static String cluster(String name) {
    return "  - {name: "
        + name
        + ", load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address:"
        + " {address: 192.0.2.1, port_value: 1}}}}]}]}}";
  }

  private static Loading chains(String... chains) {
    return listener("filter_chains: [" + String.join(", ", chains) + "]");
  }

  private static ListenerConfig only(Loading loading) {
    assertThat(loading.problems()).isEmpty();
    return loading.config().listeners().get(0);
  }

  private static SniRoute route(String service, String... names) {
    return new SniRoute(
        List.of(names).stream().map(HostName::pattern).map(Optional::orElseThrow).toList(),
        new HostName(service));
  }

  @Test
  void serverNamesAreRoutesOfTheListener() {
    ListenerConfig listener =
        only(
            chains(
                chain("server_names: [a.example.com, A2.example.com]", "a"),
                chain("server_names: ['*.example.com'], transport_protocol: tls", "b"),
                chain("", "c")));
    assertThat(listener.service()).isEmpty();
    assertThat(listener.sniRoutes())
        .containsExactly(
            route("a", "a.example.com", "a2.example.com"), route("b", "*.example.com"));
    assertThat(listener.defaultService()).contains(new HostName("c"));
  }

  @Test
  void oneMessageMayStandWhereAListIsMeant() {
    String one = chain("", "a").replace("filters: [", "filters: ").replace("}]}", "}}");
    assertThat(only(listener("filter_chains: " + one)).service()).contains(new HostName("a"));
  }

  @Test
  void withoutAChainForTheRestThereIsNoDefault() {
    ListenerConfig listener = only(chains(chain("server_names: [a]", "a")));
    assertThat(listener.service()).isEmpty();
    assertThat(listener.sniRoutes()).containsExactly(route("a", "a"));
    assertThat(listener.defaultService()).isEmpty();
  }

  @Test
  void theDefaultFilterChainTakesTheRest() {
    ListenerConfig listener =
        only(
            listener(
                "filter_chains: ["
                    + chain("server_names: [a]", "a")
                    + "]\n    default_filter_chain: "
                    + chain("", "b")));
    assertThat(listener.sniRoutes()).hasSize(1);
    assertThat(listener.defaultService()).contains(new HostName("b"));
    ListenerConfig alone = only(listener("default_filter_chain: " + chain("", "b")));
    assertThat(alone.service()).contains(new HostName("b"));
    assertThat(alone.sniRoutes()).isEmpty();
  }

  @Test
  void theTlsInspectorMayBeWritten() {
    String inspector =
        "listener_filters: [{name: tls, typed_config: {"
            + TYPE
            + "extensions.filters.listener.tls_inspector.v3.TlsInspector}}]\n    ";
    String chains = "filter_chains: [" + chain("server_names: [a]", "a") + "]";
    assertThat(only(listener(inspector + chains)).sniRoutes()).hasSize(1);
    assertThat(listener(inspector.replace("TlsInspector", "Other") + chains).problems())
        .singleElement()
        .asString()
        .startsWith("error 5 static_resources.listeners[0].listener_filters[0]: ")
        .contains("which is not served: ");
  }

  @Test
  void theProxyProtocolFilterRequiresAHeader() {
    String filter =
        "listener_filters: [{name: proxy, typed_config: {"
            + TYPE
            + "extensions.filters.listener.proxy_protocol.v3.ProxyProtocol, stat_prefix: x}}]\n    ";
    String chain = "filter_chains: [" + chain("", "a") + "]";
    assertThat(only(listener(filter + chain)).proxyHeader()).isEqualTo(ProxyHeader.REQUIRED);
    String optional =
        filter.replace("stat_prefix: x", "allow_requests_without_proxy_protocol: true");
    assertThat(only(listener(optional + chain)).proxyHeader()).isEqualTo(ProxyHeader.OPTIONAL);
    String old = "filter_chains: [{use_proxy_proto: true, " + chain("", "a").substring(1) + "]";
    assertThat(only(listener(old)).proxyHeader()).isEqualTo(ProxyHeader.REQUIRED);
    assertThat(only(listener(chain)).proxyHeader()).isEqualTo(ProxyHeader.TRUSTED);
    assertThat(
            listener(filter.replace("stat_prefix: x", "disallowed_versions: [V1]") + chain)
                .problems())
        .singleElement()
        .asString()
        .contains("\"disallowed_versions\" is not served: ");
  }

  @Test
  void chainsThatCannotBeToldApartAreErrors() {
    assertThat(chains(chain("server_names: [a]", "a"), chain("server_names: [A]", "b")).problems())
        .containsExactly(
            "error 5 static_resources.listeners[0].filter_chains[1].filter_chain_match"
                + ".server_names[0]: listener \"edge\" has server name \"a\" twice, first on line 5;"
                + " remove one of the two");
    assertThat(chains(chain("", "a"), chain("", "b")).problems())
        .containsExactly(
            "error 5 static_resources.listeners[0].filter_chains[1]: listener \"edge\" has two"
                + " filter chains for the same connections, the other on line 5; give one of them"
                + " filter_chain_match: {server_names: [...]}, or remove it");
  }

  @Test
  void otherMatchesAreErrors() {
    for (String match :
        List.of(
            "transport_protocol: raw_buffer",
            "transport_protocol: tls",
            "application_protocols: [h2]",
            "destination_port: 1",
            "server_names: ['*']")) {
      Loading loading = chains(chain(match, "a"));
      assertThat(loading.load().config()).as(match).isEmpty();
      assertThat(loading.problems()).as(match).hasSize(1);
    }
    assertThat(listener("stat_prefix: x").problems())
        .singleElement()
        .asString()
        .contains("listener \"edge\" has no filter chain");
  }

  @Test
  void everyChainsClusterHasToExist() {
    assertThat(chains(chain("server_names: [a]", "a"), chain("", "d")).problems())
        .singleElement()
        .asString()
        .contains("names cluster \"d\", which nobody defines");
  }

  @Test
  void accessLogsOfAllChainsAreThoseOfTheListener() {
    String log =
        ", access_log: [{name: x, typed_config: {"
            + TYPE
            + "extensions.access_loggers.file.v3.FileAccessLog, path: /tmp/%s}}]";
    Loading same =
        chains(
            chain("server_names: [a]", "a", log.formatted("one")),
            chain("", "b", log.formatted("one")));
    assertThat(same.problems()).isEmpty();
    assertThat(same.config().accessLogs()).hasSize(1);
    Loading different =
        chains(
            chain("server_names: [a]", "a", log.formatted("one")),
            chain("", "b", log.formatted("two")));
    assertThat(different.problems())
        .singleElement()
        .asString()
        .startsWith("warning 5 ")
        .contains("different access logs");
    assertThat(different.config().accessLogs()).hasSize(2);
  }
}
