package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files for Envoy's v2 API get one message each. */
class EnvoyOldApiTest {
  @TempDir private Path directory;

  @Test
  void aStaticBootstrapIsToldWhatItsPartsAreCalledNow() {
    Loading loading =
        Loading.yaml(
            "admin:",
            "  access_log_path: /dev/null",
            "  address: {socket_address: {address: 127.0.0.1, port_value: 9901}}",
            "static_resources:",
            "  listeners:",
            "  - name: api",
            "    address: {socket_address: {address: 0.0.0.0, port_value: 6443}}",
            "    filter_chains:",
            "    - filters:",
            "      - name: envoy.tcp_proxy",
            "        config: {stat_prefix: api, cluster: api}",
            "  clusters:",
            "  - name: api",
            "    connect_timeout: 0.25s",
            "    type: STRICT_DNS",
            "    lb_policy: ROUND_ROBIN",
            "    tls_context: {}",
            "    hosts:",
            "    - socket_address: {address: api.example.com, port_value: 6443}");
    assertThat(loading.problems())
        .singleElement()
        .asString()
        .contains("this is a file for Envoy's v2 API")
        .contains("config (line 11) is typed_config with an \"@type\" now")
        .contains("tls_context (line 17) is transport_socket now")
        .contains("hosts (line 18) is load_assignment with endpoints now");
  }

  @Test
  void aFileOfResourcesIsToldItsTypes() throws IOException {
    EnvoyFiles files = new EnvoyFiles(directory);
    files.replace("cds.yaml", "envoy.config.cluster.v3.Cluster", "envoy.api.v2.Cluster");
    assertThat(files.errors())
        .singleElement()
        .asString()
        .startsWith("error: cds.yaml: this is a file for Envoy's v2 API")
        .contains("type envoy.api.v2.Cluster (line 2) is envoy.config.cluster.v3.Cluster now");
  }

  @Test
  void whatIsOnlyCalledAlikeIsNone() {
    assertThat(
            Loading.yaml(
                    "node: {id: a, metadata: {hosts: [a], config: {name: envoy.x}, tls_context: {}}}",
                    "static_resources: {}")
                .problems())
        .isEmpty();
  }
}
