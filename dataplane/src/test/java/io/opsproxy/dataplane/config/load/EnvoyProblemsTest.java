package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said about Envoy's files, word for word. */
class EnvoyProblemsTest {
  private static final String PROXY = "resources[0].filter_chains[0].filters[0].typed_config";
  private static final String NO_SERVER =
      " is not served: what a management server sends would be missing; write path_config_source:"
          + " {path: FILE}";

  @TempDir Path directory;
  private EnvoyFiles files;

  @BeforeEach
  void copy() throws IOException {
    files = new EnvoyFiles(directory);
  }

  private static Arguments edit(String file, String old, String next, String... errors) {
    return Arguments.of(file, old, next, List.of(errors));
  }

  static Stream<Arguments> edits() {
    return Stream.of(
        // fields
        edit(
            "envoy.yaml",
            "dynamic_resources:",
            "dynamic_resource:",
            "error: envoy.yaml:5: dynamic_resource: Envoy has no field \"dynamic_resource\" here;"
                + " did you mean \"dynamic_resources\"?"),
        edit(
            "lds.yaml",
            "        stat_prefix: k8s_cluster1",
            "        stat_prefx: k8s_cluster1",
            "error: lds.yaml:13: "
                + PROXY
                + ".stat_prefx: Envoy has no field \"stat_prefx\" here; did you mean"
                + " \"stat_prefix\"?"),
        edit(
            "cds.yaml",
            "name: k8s_cluster1\n",
            "name: k8s_cluster1\n  connectTimeOut: 5s\n",
            "error: cds.yaml:4: resources[0].connect_time_out: Envoy has no field \"connect_time_out\""
                + " here; did you mean \"connect_timeout\"?"),
        edit(
            "cds.yaml",
            "    consecutive_5xx: {value: 5}",
            "    consecutive_5x: {value: 5}",
            "error: cds.yaml:23: resources[0].outlier_detection.consecutive_5x: Envoy has no field"
                + " \"consecutive_5x\" here; did you mean \"consecutive_5xx\"?",
            "error: cds.yaml:58: resources[1].outlier_detection.consecutive_5x: Envoy has no field"
                + " \"consecutive_5x\" here; did you mean \"consecutive_5xx\"?"),
        edit(
            "eds_cluster2.yaml",
            "port_value: 6443",
            "port: 6443",
            "error: eds_cluster2.yaml:10:"
                + " resources[0].endpoints[0].lb_endpoints[0].endpoint.address.socket_address.port:"
                + " Envoy has no field \"port\" here; remove it",
            "error: eds_cluster2.yaml:8:"
                + " resources[0].endpoints[0].lb_endpoints[0].endpoint.address.socket_address:"
                + " cluster \"k8s_cluster2\" endpoint needs port_value; write a whole number"),
        edit(
            "lds.yaml",
            "        cluster: k8s_cluster2",
            "        cluster: k8s_cluster2\n        tunneling_config: {hostname: a}",
            "error: lds.yaml:34: resources[1].filter_chains[0].filters[0].typed_config.tunneling_config:"
                + " \"tunneling_config\" is not served: bytes would not go through an HTTP tunnel;"
                + " leave these connections to Envoy"),
        edit(
            "lds.yaml",
            "  filter_chains:\n  - filters:",
            "  filter_chains:\n  - filter_chain_match: {application_protocols: [h2]}\n    filters:",
            match("lds.yaml:9", 0),
            match("lds.yaml:29", 1)),
        // files
        edit(
            "envoy.yaml",
            "./lds.yaml",
            "./no.yaml",
            "error: envoy.yaml:8: dynamic_resources.lds_config.path_config_source.path: there is no"
                + " such file as \"no.yaml\"; create it, or name the right one; paths are relative"
                + " to the file that names them"),
        edit(
            "cds.yaml",
            "./eds_cluster2.yaml",
            "./no.yaml",
            "error: cds.yaml:45:"
                + " resources[1].eds_cluster_config.eds_config.path_config_source.path: there is no"
                + " such file as \"no.yaml\"; create it, or name the right one; paths are relative"
                + " to the file that names them"),
        edit(
            "envoy.yaml",
            "path_config_source:\n      path: \"./lds.yaml\"",
            "api_config_source: {}\n    ads: {}",
            "error: envoy.yaml:8: dynamic_resources.lds_config.ads: \"ads\"" + NO_SERVER,
            "error: envoy.yaml:7: dynamic_resources.lds_config.api_config_source:"
                + " \"api_config_source\""
                + NO_SERVER),
        edit(
            "eds_cluster1.yaml",
            "cluster_name: k8s_cluster1",
            "cluster_name: k8s",
            "error: cds.yaml:10:"
                + " resources[0].eds_cluster_config.eds_config.path_config_source.path: cluster"
                + " \"k8s_cluster1\": \"eds_cluster1.yaml\" has no ClusterLoadAssignment with"
                + " cluster_name \"k8s_cluster1\"; it has k8s; write that cluster_name into it"),
        // types
        edit(
            "lds.yaml",
            "listener.v3.Listener\n  name: k8s_cluster1",
            "listener.v3.Lissener\n  name: k8s_cluster1",
            "error: lds.yaml:2: resources[0]: expected a Listener, found \"@type\""
                + " \"type.googleapis.com/envoy.config.listener.v3.Lissener\"; begin it with"
                + " \"@type\": type.googleapis.com/envoy.config.listener.v3.Listener"),
        edit(
            "lds.yaml",
            "network.tcp_proxy.v3.TcpProxy\n        stat_prefix: k8s_cluster1",
            "network.echo.v3.Echo\n        stat_prefix: k8s_cluster1",
            "error: lds.yaml:11: "
                + PROXY
                + ": listener \"k8s_cluster1\" has a filter with \"@type\""
                + " \"type.googleapis.com/envoy.extensions.filters.network.echo.v3.Echo\"; write"
                + " one filter chain with one filter envoy.filters.network.tcp_proxy and \"@type\":"
                + " type.googleapis.com/envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"),
        // names
        edit(
            "lds.yaml",
            "        cluster: k8s_cluster1",
            "        cluster: k8s_cluster3",
            "error: lds.yaml:14: "
                + PROXY
                + ".cluster: listener \"k8s_cluster1\" names cluster \"k8s_cluster3\", which nobody"
                + " defines; did you mean \"k8s_cluster1\"?"),
        edit(
            "lds.yaml",
            "  name: k8s_cluster2",
            "  name: k8s_cluster1",
            "error: lds.yaml:22: resources[1].name: listener \"k8s_cluster1\" stands twice, first"
                + " on line 3; choose another name, or remove one of the two"),
        edit(
            "cds.yaml",
            "  name: k8s_cluster2",
            "  name: k8s_cluster1\n  type: EDS\n  eds_cluster_config: {service_name: k8s_cluster2,"
                + " eds_config: {path: eds_cluster2.yaml}}\n-"
                + " \"@type\": type.googleapis.com/envoy.config.cluster.v3.Cluster\n  name:"
                + " k8s_cluster2",
            "error: cds.yaml:38: resources[1].name: cluster \"k8s_cluster1\" stands twice, first on"
                + " line 3; choose another name, or remove one of the two"),
        edit(
            "envoy.yaml",
            "node:\n",
            "static_resources:\n  clusters:\n  - {name: \"a\\tb\", load_assignment: {endpoints:"
                + " [{lb_endpoints: [{endpoint: {address: {socket_address: {address: '::1',"
                + " port_value: 1}}}}]}]}}\nnode:\n",
            "error: envoy.yaml:3: static_resources.clusters[0].name: cluster \"a\\tb\": not a name"
                + " for a cluster; leave out control characters and a \"*.\" at its begin; 1000"
                + " characters at most"),
        // values
        edit(
            "lds.yaml",
            "port_value: 6444",
            "port_value: 6443",
            "error: lds.yaml:25: resources[1].address.socket_address.address: listener"
                + " \"k8s_cluster2\" \"0.0.0.0:6443\" and listener \"k8s_cluster1\""
                + " \"0.0.0.0:6443\" cannot both be listened on; give one of them another port or"
                + " another host"),
        edit(
            "cds.yaml",
            "lb_policy: ROUND_ROBIN  # 轮询负载均衡\n  eds_cluster_config:\n    eds_config:\n     "
                + " path_config_source:\n        path: \"./eds_cluster2.yaml\"",
            "lb_policy: CLUSTER_PROVIDED",
            "error: cds.yaml:37: resources[1]: cluster \"k8s_cluster2\" does not say where its"
                + " endpoints are; write eds_cluster_config: {eds_config: {path_config_source:"
                + " {path: FILE}}}",
            "error: cds.yaml:41: resources[1].lb_policy: cluster \"k8s_cluster2\" lb_policy"
                + " CLUSTER_PROVIDED is not served: connections would be spread in another way;"
                + " write lb_policy: ROUND_ROBIN, LEAST_REQUEST, RANDOM, RING_HASH or MAGLEV"),
        edit(
            "eds_cluster1.yaml",
            "port_value: 6443",
            "port_value: 0",
            "error: eds_cluster1.yaml:9:"
                + " resources[0].endpoints[0].lb_endpoints[0].endpoint.address.socket_address.address:"
                + " cluster \"k8s_cluster1\" endpoint 192.0.2.19:0: port must be 1-65535; write the"
                + " port the endpoint listens on",
            "error: eds_cluster1.yaml:14:"
                + " resources[0].endpoints[0].lb_endpoints[1].endpoint.address.socket_address.address:"
                + " cluster \"k8s_cluster1\" endpoint 192.0.2.20:0: port must be 1-65535; write the"
                + " port the endpoint listens on"),
        edit(
            "cds.yaml",
            "  type: EDS\n  connect_timeout: 5s\n",
            "  transport_socket: {name: tls, typed_config: {\"@type\":"
                + " type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext}}\n"
                + "  type: EDS\n",
            tls("cds.yaml:4", 0, 1),
            tls("cds.yaml:39", 1, 2)),
        edit(
            "lds.yaml",
            "        cluster: k8s_cluster1",
            "        weighted_clusters: {clusters: [{name: k8s_cluster1, weight: 1}, {name:"
                + " k8s_cluster2, weight: 1}]}",
            "error: lds.yaml:14: "
                + PROXY
                + ".weighted_clusters: listener \"k8s_cluster1\" spreads its connections over"
                + " several clusters; name one cluster with all endpoints, and give them"
                + " load_balancing_weight"));
  }

  private static String match(String place, int resource) {
    return "error: "
        + place
        + ": resources["
        + resource
        + "].filter_chains[0].filter_chain_match.application_protocols: \"application_protocols\" is"
        + " not served: connections of other protocols would come as well; tell chains apart by"
        + " server_names";
  }

  private static String tls(String place, int resource, int cluster) {
    return "error: "
        + place
        + ": resources["
        + resource
        + "].transport_socket: cluster \"k8s_cluster"
        + cluster
        + "\" has a transport_socket with \"@type\""
        + " \"type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext\";"
        + " remove it, because bytes are relayed as they are; only raw_buffer and proxy_protocol"
        + " are supported";
  }

  @ParameterizedTest
  @MethodSource("edits")
  void whatIsWrongIsSaid(String file, String old, String next, List<String> errors)
      throws IOException {
    files.replace(file, old, next);
    assertThat(files.errors()).containsExactlyInAnyOrderElementsOf(errors);
    assertThat(files.load().config()).isEmpty();
  }

  @Test
  void aClusterWithoutEndpointsIsTakenAndNamed() throws IOException {
    String head =
        "resources: [{\"@type\":"
            + " type.googleapis.com/envoy.config.endpoint.v3.ClusterLoadAssignment, cluster_name:"
            + " k8s_cluster2";
    for (String rest : List.of("", ", endpoints: []", ", endpoints: [{lb_endpoints: []}]")) {
      files.write("eds_cluster2.yaml", head + rest + "}]");
      assertThat(files.problems())
          .contains(
              "warning: eds_cluster2.yaml:1: resources[0]: cluster \"k8s_cluster2\" has no"
                  + " endpoints; its connections are closed until there are some; add endpoints:"
                  + " with at least one address, or remove the cluster and its listener");
      assertThat(files.config().services().get(1).endpoints()).isEmpty();
    }
  }

  @Test
  void aFileThatCannotBeReadIsNamed() throws IOException {
    files.write("cds.yaml", "resources: [");
    assertThat(files.errors())
        .hasSize(3)
        .anySatisfy(error -> assertThat(error).startsWith("error: cds.yaml:1: not readable"))
        .anySatisfy(error -> assertThat(error).contains("\"k8s_cluster1\", which nobody defines"));
    files.write("cds.yaml", "");
    assertThat(files.errors())
        .anySatisfy(e -> assertThat(e).contains("cds.yaml: the file is empty"));
    files.write("cds.yaml", "[a]");
    assertThat(files.errors())
        .anySatisfy(e -> assertThat(e).contains("expected a section of keys"));
    files.write("cds.yaml", "version_info: 1");
    assertThat(files.errors()).anySatisfy(e -> assertThat(e).contains("the file has no resources"));
    Files.delete(files.path("cds.yaml"));
    Files.createDirectory(files.path("cds.yaml"));
    assertThat(files.errors()).anySatisfy(e -> assertThat(e).contains("cds.yaml: is a directory"));
  }

  @Test
  void aFileOfResourcesIsNoBootstrap() throws IOException {
    files.write("envoy.yaml", Files.readAllBytes(files.path("lds.yaml")));
    assertThat(files.errors())
        .containsExactly(
            "error: envoy.yaml: these are resources, not the bootstrap that names them; name the"
                + " file that has dynamic_resources, such as envoy.yaml");
  }

  /** What changes where connections go is never a warning. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "lds.yaml|filter_chains:|deprecated_v1: {bind_to_port: false}\n  filter_chains:",
        "lds.yaml|cluster: k8s_cluster1|cluster: k8s_cluster1\n        metadata_match: {a: b}",
        "cds.yaml|connect_timeout: 5s|lb_subset_config: {fallback_policy: ANY_ENDPOINT}",
        "cds.yaml|connect_timeout: 5s|load_balancing_policy: {policies: [{typed_extension_config:"
            + " {name: x}}]}",
        "cds.yaml|connect_timeout: 5s|common_lb_config: {locality_weighted_lb_config: {}}",
        "cds.yaml|consecutive_5xx: {value: 5}|enforcing_consecutive_5xx: 0",
        "cds.yaml|consecutive_5xx: {value: 5}|split_external_local_origin_errors: true",
        "eds_cluster2.yaml|cluster_name: k8s_cluster2|cluster_name: k8s_cluster2\n"
            + "  policy: {overprovisioning_factor: 200}",
      })
  void whatChangesWhereConnectionsGoIsAnError(String edit) throws IOException {
    String[] parts = edit.split("\\|", -1);
    files.replace(parts[0], parts[1], parts[2]);
    assertThat(files.errors())
        .anySatisfy(error -> assertThat(error).containsAnyOf(" is not served: ", " shares"));
    assertThat(files.load().config()).isEmpty();
  }

  @Test
  void refusedFieldsThatSayWhatHoldsAnywayAreTaken() throws IOException {
    files.replace(
        "cds.yaml",
        "consecutive_5xx: {value: 5}",
        "enforcing_consecutive_5xx: {value: 100}\n    split_external_local_origin_errors: false");
    files.replace(
        "eds_cluster2.yaml",
        "cluster_name: k8s_cluster2",
        "cluster_name: k8s_cluster2\n  policy: {overprovisioning_factor: 140}");
    assertThat(files.errors()).isEmpty();
  }

  @Test
  void aSecondNetworkFilterIsNamedWithWhatIsLost() throws IOException {
    files.replace(
        "lds.yaml",
        "  filter_chains:\n  - filters:",
        "  filter_chains:\n  - filters:\n    - {name: rbac, typed_config: {\"@type\":"
            + " type.googleapis.com/envoy.extensions.filters.network.rbac.v3.RBAC}}");
    assertThat(files.errors())
        .hasSize(2)
        .first()
        .asString()
        .contains("listener \"k8s_cluster1\" has a network filter with \"@type\"")
        .endsWith(
            "network.rbac.v3.RBAC\", which is not served: clients that it denies would be let in;"
                + " remove it, or leave these connections to Envoy");
  }

  @Test
  void emptyFilesAreTakenAtTheStartAndNotWhileOthersAreInForce() throws IOException {
    files.write("lds.yaml", "");
    files.write("cds.yaml", "");
    LoadResult started = files.loader().load();
    assertThat(started.config()).isPresent();
    assertThat(started.config().get().listeners()).isEmpty();
    assertThat(files.errors()).hasSize(2).allSatisfy(e -> assertThat(e).contains("file is empty"));
  }

  @Test
  void howNamesAreLookedUpMattersOnlyWhereThereAreSome() throws IOException {
    files.replace("cds.yaml", "connect_timeout: 5s", "dns_lookup_family: V4_ONLY");
    assertThat(files.errors()).isEmpty();
    files.replace("eds_cluster2.yaml", "address: 192.0.2.21", "address: api.example.com");
    assertThat(files.errors())
        .hasSize(1)
        .first()
        .asString()
        .contains("dns_lookup_family V4_ONLY is not served");
  }

  @Test
  void aFieldWithoutEffectIsWarnedOfOnce() throws IOException {
    files.replace("envoy.yaml", "node:\n", "layered_runtime: {layers: [{name: a}]}\nnode:\n");
    assertThat(files.problems())
        .startsWith(
            "warning: envoy.yaml:1: layered_runtime: \"layered_runtime\" has no effect here; leave"
                + " it for Envoy, or remove it")
        .hasSize(13);
  }
}
