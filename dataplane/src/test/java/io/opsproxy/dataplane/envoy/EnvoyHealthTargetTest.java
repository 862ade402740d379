package io.opsproxy.dataplane.envoy;

import static io.opsproxy.dataplane.envoy.EnvoyPeer.awaiting;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.Tls;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Endpoints that are checked elsewhere, or not at all, and those that come later. */
class EnvoyHealthTargetTest {
  @TempDir Path directory;
  private SeedFiles files;
  private Tls tls;
  private ApiServer one;
  private ApiServer two;
  private EnvoyPeer peer;

  @BeforeEach
  void begin() {
    files = new SeedFiles(directory);
    tls = new Tls(directory, ApiServer.NAME);
    one = new ApiServer(tls, "one");
    two = new ApiServer(tls, "two");
    files.endpoints(1, one.port()).endpoints(2, two.port()).local(0, 0, 0);
  }

  @AfterEach
  void end() {
    if (peer != null) {
      peer.close();
    }
    one.close();
    two.close();
  }

  private String healthCheckConfig(String fields) {
    return files
        .read("eds_cluster1.yaml")
        .replace(
            "    - endpoint:\n",
            "    - endpoint:\n        health_check_config: {" + fields + "}\n");
  }

  @Test
  void anEndpointIsCheckedAtThePortOfItsHealthCheckConfig() {
    files.write("eds_cluster1.yaml", healthCheckConfig("port_value: " + two.port()));
    peer = new EnvoyPeer(files);
    awaiting("a first check", () -> peer.flags(one.port()).equals("healthy"));
    two.die();
    awaiting("its check fails", () -> peer.flags(one.port()).contains("/failed_active_hc"));
    two.revive();
    awaiting("its check passes", () -> peer.flags(one.port()).equals("healthy"));
    assertThat(ShortConnections.request(peer.listener(1), tls)).isEqualTo("one");
  }

  @Test
  void anEndpointWithoutActiveChecksIsNeverUnhealthy() {
    files.write(
        "eds_cluster1.yaml",
        healthCheckConfig("port_value: " + two.port() + ", disable_active_health_check: true"));
    two.die();
    peer = new EnvoyPeer(files);
    awaiting("the other fails", () -> peer.flags(two.port()).contains("/failed_active_hc"));
    assertThat(peer.flags(one.port())).isEqualTo("healthy");
    assertThat(ShortConnections.request(peer.listener(1), tls)).isEqualTo("one");
  }

  /** As kind's load balancer has it: TLS for the check alone. */
  @Test
  void aCheckSpeaksOverTheTransportThatItsCriteriaMatch() {
    String cluster = "  name: k8s_cluster1\n";
    files.replace(
        "cds.yaml",
        cluster,
        cluster
            + "  transport_socket_matches:\n"
            + "  - {name: tls, match: {mode: check}, transport_socket: {name: tls, typed_config:"
            + " {\"@type\": type.googleapis.com/envoy.extensions.transport_sockets.tls.v3"
            + ".UpstreamTlsContext}}}\n"
            + "  - {name: raw, match: {}, transport_socket: {name: raw, typed_config: {\"@type\":"
            + " type.googleapis.com/envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer}}}\n");
    String check = "    http_health_check:\n";
    files.replace(
        "cds.yaml", check, "    transport_socket_match_criteria: {mode: check}\n" + check);
    peer = new EnvoyPeer(files);
    awaiting("a check over TLS", () -> peer.flags(one.port()).equals("healthy"));
    assertThat(ShortConnections.request(peer.listener(1), tls)).isEqualTo("one");
    files.replace("cds.yaml", "criteria: {mode: check}", "criteria: {mode: plain}");
    awaiting("plain text", () -> peer.flags(one.port()).contains("/failed_active_hc"));
  }

  @Test
  void endpointsMayComeLater() {
    String whole = files.read("eds_cluster1.yaml");
    files.write("eds_cluster1.yaml", whole.substring(0, whole.indexOf("  endpoints:")));
    peer = new EnvoyPeer(files);
    assertThat(peer.page("/clusters")).contains("k8s_cluster2::");
    files.write("eds_cluster1.yaml", whole);
    awaiting("it is there", () -> peer.flags(one.port()).equals("healthy"));
    assertThat(ShortConnections.request(peer.listener(1), tls)).isEqualTo("one");
  }

  @Test
  void listenersAndClustersMayComeLater() {
    String listeners = files.read("lds.yaml");
    String clusters = files.read("cds.yaml");
    files.write("lds.yaml", "");
    files.write("cds.yaml", "");
    peer = new EnvoyPeer(files);
    assertThat(peer.page("/listeners")).isEmpty();
    files.write("cds.yaml", clusters);
    files.write("lds.yaml", listeners);
    awaiting("they are there", () -> peer.page("/listeners").contains("k8s_cluster1::"));
    assertThat(ShortConnections.request(peer.listener(1), tls)).isEqualTo("one");
  }
}
