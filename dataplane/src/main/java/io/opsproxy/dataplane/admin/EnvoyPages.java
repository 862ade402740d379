package io.opsproxy.dataplane.admin;

import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.value.BindAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Admin pages in Envoy's shapes, for scripts that were written for Envoy. Everything here only
 * reads: Envoy's pages that change state exist in name and answer 405.
 */
public final class EnvoyPages {
  private static final List<String> CHANGING =
      List.of(
          "/quitquitquit",
          "/healthcheck/fail",
          "/healthcheck/ok",
          "/reset_counters",
          "/drain_listeners",
          "/logging",
          "/runtime_modify",
          "/cpuprofiler",
          "/heapprofiler",
          "/reopen_logs");

  /** Where the pages take their facts from. */
  public interface Source {
    /** Of this program. */
    String version();

    /** Since start. */
    double uptimeSeconds();

    /** Whether it was told to stop. */
    boolean draining();

    /** The configuration in force. */
    Config configuration();

    /** Services of this configuration. */
    List<Cluster> clusters();

    /** Bound addresses by the listener's name. */
    Map<String, InetSocketAddress> listeners();

    /** What this peer shows other peers, its own first; empty without an identity. */
    List<X509Certificate> certificates();

    /** Client connections open now. */
    int sessions();

    /** Event loops. */
    int loops();

    /** What a listener has counted. */
    Traffic traffic(String listener);

    /** What has passed to and from the endpoints of a cluster. */
    Bytes bytes(Cluster cluster);

    /** The page of Prometheus metrics. */
    String metrics();
  }

  /**
   * Client connections of a listener.
   *
   * @param total since its first configuration
   * @param active open now
   */
  public record Traffic(long total, long active) {}

  /** Bytes of connections that have ended or run. */
  public record Bytes(long toUpstream, long toClient) {}

  private EnvoyPages() {}

  /** All pages by path. */
  public static Map<String, PageSource> of(Source source) {
    Map<String, PageSource> pages = new LinkedHashMap<>();
    pages.put("/", query -> StartPage.render());
    pages.put("/stats", query -> StatsPage.render(source, query));
    pages.put("/stats/prometheus", query -> StatsPage.prometheus(source));
    pages.put("/clusters", query -> ClustersPage.render(source.clusters(), asJson(query)));
    pages.put("/listeners", query -> listeners(source, asJson(query)));
    pages.put("/config_dump", query -> ConfigDumpPage.render(source, query));
    pages.put("/memory", query -> MemoryPage.render());
    pages.put("/certs", query -> CertsPage.render(source.certificates()));
    // there is no runtime to override
    pages.put("/runtime", query -> Page.json("{\"layers\":[],\"entries\":{}}\n"));
    pages.put(
        "/ready", query -> source.draining() ? Page.text(503, "DRAINING") : Page.text(200, "LIVE"));
    pages.put("/server_info", query -> ServerInfoPage.render(source));
    for (String path : CHANGING) {
      pages.put(
          path, query -> Page.text(405, path + " would change state, which these pages never do"));
    }
    return pages;
  }

  /** The value of a parameter; empty when it has none. */
  static String first(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }

  private static boolean asJson(Map<String, List<String>> query) {
    return first(query, "format").equals("json");
  }

  private static Page listeners(Source source, boolean asJson) {
    if (asJson) {
      return new JsonTree()
          .put(
              "listener_statuses",
              JsonTree.each(source.listeners().entrySet(), EnvoyPages::listener))
          .page();
    }
    StringBuilder text = new StringBuilder();
    source
        .listeners()
        .forEach(
            (name, address) ->
                text.append(name).append("::").append(BindAddress.text(address)).append('\n'));
    return new Page(200, "text/plain; charset=utf-8", text.toString());
  }

  private static JsonTree listener(Map.Entry<String, InetSocketAddress> listener) {
    InetSocketAddress at = listener.getValue();
    return new JsonTree()
        .put("name", listener.getKey())
        .put("local_address", JsonTree.address(at.getAddress().getHostAddress(), at.getPort()));
  }
}
