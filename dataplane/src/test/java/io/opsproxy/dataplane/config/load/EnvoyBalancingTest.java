package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How clusters of Envoy's files spread connections. */
class EnvoyBalancingTest {
  private static final String TYPES = "type.googleapis.com/envoy.extensions.";
  private static final String BY_SOURCE = "hash_policy: [{source_ip: {}}]";

  private static String listener(int port, String proxy) {
    return "  - {address: {socket_address: {address: 127.0.0.1, port_value: "
        + port
        + "}}, filter_chains: [{filters: [{name: tcp, typed_config: {\"@type\": "
        + TYPES
        + "filters.network.tcp_proxy.v3.TcpProxy, stat_prefix: x, cluster: a, "
        + proxy
        + "}}]}]}";
  }

  /** Two listeners to one cluster. */
  private static Loading files(String cluster, String firstProxy, String secondProxy) {
    return Loading.yaml(
        "static_resources:",
        "  listeners:",
        listener(7000, firstProxy),
        listener(7001, secondProxy),
        "  clusters:",
        "  - name: a",
        "    " + cluster,
        "    load_assignment: {endpoints: [{lb_endpoints: [{endpoint: {address: {socket_address:"
            + " {address: 192.0.2.1, port_value: 1}}}}]}]}");
  }

  private static LbPolicy policy(Loading loading) {
    return loading.config().services().get(0).lbPolicy();
  }

  private static String typed(String type) {
    return "load_balancing_policy: {policies: [{typed_extension_config: {name: x, typed_config:"
        + " {\"@type\": "
        + TYPES
        + "load_balancing_policies."
        + type
        + "}}}]}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"RING_HASH", "MAGLEV"})
  void thoseThatHashTakeTheSourceOfTheTcpProxies(String policy) {
    Loading loading = files("lb_policy: " + policy, BY_SOURCE, BY_SOURCE);
    assertThat(loading.problems()).isEmpty();
    assertThat(policy(loading)).isEqualTo(LbPolicy.SOURCE_HASH);
  }

  @Test
  void withoutAHashPolicyNothingIsHashed() {
    Loading loading = files("lb_policy: RING_HASH", "", "");
    assertThat(loading.problems())
        .singleElement()
        .asString()
        .contains("cluster \"a\" has RING_HASH and its TcpProxy no hash_policy");
    assertThat(policy(loading)).isEqualTo(LbPolicy.ROUND_ROBIN);
  }

  @Test
  void oneClusterIsHashedInOneWay() {
    Loading loading = files("lb_policy: MAGLEV", BY_SOURCE, "");
    assertThat(loading.problems())
        .singleElement()
        .asString()
        .contains("only some of the TcpProxies to it have a hash_policy");
  }

  @Test
  void whatElseCouldBeHashedIsRefused() {
    String byState = "hash_policy: [{filter_state: {key: a}}]";
    assertThat(files("lb_policy: MAGLEV", byState, byState).problems())
        .first()
        .asString()
        .contains("\"filter_state\" is not served");
  }

  @ParameterizedTest
  @CsvSource({
    "round_robin.v3.RoundRobin, ROUND_ROBIN",
    "least_request.v3.LeastRequest, LEAST_REQUEST",
    "random.v3.Random, RANDOM",
    "ring_hash.v3.RingHash, SOURCE_HASH",
    "maglev.v3.Maglev, SOURCE_HASH"
  })
  void typedPoliciesWinOverTheOldField(String type, LbPolicy expected) {
    Loading loading = files(typed(type) + "\n    lb_policy: RANDOM", BY_SOURCE, BY_SOURCE);
    assertThat(loading.problems()).isEmpty();
    assertThat(policy(loading)).isEqualTo(expected);
  }

  @Test
  void aTypedPolicyThatIsNotHereIsNamed() {
    Loading loading = files(typed("wrr_locality.v3.WrrLocality"), "", "");
    assertThat(loading.problems())
        .singleElement()
        .asString()
        .contains("wrr_locality.v3.WrrLocality", "which is not served", "write lb_policy: ");
    assertThat(files("load_balancing_policy: {policies: []}", "", "").problems())
        .singleElement()
        .asString()
        .contains("names no policy");
  }
}
