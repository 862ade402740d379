package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.HealthCheck.Http;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transports that a cluster of Envoy's has for its health checks alone. */
class EnvoyTransportsTest {
  private static final String TLS =
      "{name: envoy.transport_sockets.tls, typed_config: {\"@type\": type.googleapis.com/"
          + "envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext, MORE}}";
  private static final String RAW =
      "{name: envoy.transport_sockets.raw_buffer, typed_config: {\"@type\": type.googleapis.com/"
          + "envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}";

  private static Loading cluster(String matches, String criteria, String metadata) {
    return Loading.yaml(
        "static_resources:",
        "  clusters:",
        "  - name: a",
        "    transport_socket_matches: [" + matches + "]",
        "    health_checks:",
        "    - {timeout: 1s, interval: 1s, unhealthy_threshold: 2, healthy_threshold: 1,",
        "       http_health_check: {path: /healthz}, " + criteria + "}",
        "    load_assignment: {endpoints: [{lb_endpoints: [{" + metadata + " endpoint:",
        "      {address: {socket_address: {address: 192.0.2.1, port_value: 1}}}}]}]}");
  }

  private static String match(String wanted, String socket) {
    return "{name: x, match: {" + wanted + "}, transport_socket: " + socket + "}";
  }

  private static String tls(String more) {
    return TLS.replace(", MORE", more.isEmpty() ? "" : ", " + more);
  }

  private static Http check(Loading loading) {
    assertThat(loading.problems()).isEmpty();
    return loading.config().services().get(0).upstream().healthChecks().get(0).http().get();
  }

  @Test
  void theFirstMatchThatTheCriteriaHaveHolds() {
    String matches =
        String.join(
            ", ",
            match("mode: other", RAW),
            match("mode: check", tls("sni: kubernetes")),
            match("", RAW));
    Http http = check(cluster(matches, "transport_socket_match_criteria: {mode: check, b: 1}", ""));
    assertThat(http.scheme()).isEqualTo(Scheme.HTTPS);
    assertThat(http.serverName()).contains("kubernetes");
    assertThat(http.insecureSkipVerify()).isTrue();
    Http plain = check(cluster(matches, "transport_socket_match_criteria: {mode: none}", ""));
    assertThat(plain.scheme()).isEqualTo(Scheme.HTTP);
  }

  @Test
  void itsAuthorityVerifiesTheEndpoints() {
    String tls =
        tls("common_tls_context: {validation_context: {trusted_ca: {filename: /etc/ca.pem}}}");
    Http http =
        check(
            cluster(
                match("mode: check", tls), "transport_socket_match_criteria: {mode: check}", ""));
    assertThat(http.ca()).isEqualTo(Optional.of(Path.of("/etc/ca.pem")));
    assertThat(http.insecureSkipVerify()).isFalse();
    Http unverified =
        check(
            cluster(
                match(
                    "mode: check",
                    tls.replace(
                        "trusted_ca", "trust_chain_verification: ACCEPT_UNTRUSTED, trusted_ca")),
                "transport_socket_match_criteria: {mode: check}",
                ""));
    assertThat(unverified.ca()).isEmpty();
    assertThat(unverified.insecureSkipVerify()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "metadata: {filter_metadata: {envoy.transport_socket_match: {mode: check}}},",
        "metadata: {filterMetadata: {envoy.transport_socket_match: {mode: check, b: 1}}},"
      })
  void tlsForClientsIsRefused(String metadata) {
    String wanted = metadata.isEmpty() ? "" : "mode: check";
    assertThat(cluster(match(wanted, tls("")), "", metadata).problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains(
                        "cluster \"a\" transport_socket_matches has TLS for connections of"
                            + " clients"));
  }

  @Test
  void whatWouldBeVerifiedInAnotherWayIsRefused() {
    String tls = tls("common_tls_context: {tls_certificates: [{}]}");
    assertThat(cluster(match("mode: check", tls), "", "").problems())
        .anySatisfy(
            problem -> assertThat(problem).contains("\"tls_certificates\" is not served: "));
  }
}
