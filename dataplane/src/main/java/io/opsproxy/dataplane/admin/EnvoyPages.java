package io.opsproxy.dataplane.admin;

import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.value.BindAddress;
import java.net.InetSocketAddress;
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

    /** Client connections open now. */
    int sessions();

    /** The page of Prometheus metrics. */
    String metrics();
  }

  private EnvoyPages() {}

  /** All pages by path. */
  public static Map<String, PageSource> of(Source source) {
    Map<String, PageSource> pages = new LinkedHashMap<>();
    pages.put("/", query -> StartPage.render());
    pages.put("/stats", query -> StatsPage.render(source, query));
    pages.put("/stats/prometheus", query -> Page.metrics(source.metrics()));
    pages.put("/clusters", query -> ClustersPage.render(source.clusters()));
    pages.put("/listeners", query -> listeners(source));
    pages.put("/config_dump", query -> ConfigDumpPage.render(source));
    pages.put(
        "/ready", query -> source.draining() ? Page.text(503, "DRAINING") : Page.text(200, "LIVE"));
    pages.put("/server_info", query -> ServerInfoPage.render(source));
    for (String path : CHANGING) {
      pages.put(
          path, query -> Page.text(405, path + " would change state, which these pages never do"));
    }
    return pages;
  }

  private static Page listeners(Source source) {
    StringBuilder text = new StringBuilder();
    source
        .listeners()
        .forEach(
            (name, address) ->
                text.append(name).append("::").append(BindAddress.text(address)).append('\n'));
    return new Page(200, "text/plain; charset=utf-8", text.toString());
  }
}
