package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.admin.AdminServer;
import io.opsproxy.dataplane.admin.EnvoyPages;
import io.opsproxy.dataplane.admin.Page;
import io.opsproxy.dataplane.admin.PageSource;
import io.opsproxy.dataplane.admin.StatusPage;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.BindAddress;
import io.opsproxy.dataplane.config.Config;
import io.opsproxy.dataplane.mesh.Mesh;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.proxy.Listeners;
import io.opsproxy.dataplane.proxy.ProxyServer;
import io.opsproxy.dataplane.route.RouteTable;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What a peer shows of itself: the status pages, and the pages in Envoy's shapes where an address
 * is configured for them. It reads the parts of the peer, and changes none. Any thread.
 */
final class PeerPages implements StatusPage.Source, EnvoyPages.Source, AutoCloseable {

  /**
   * What there is to show.
   *
   * @param version of this program
   * @param phase of the peer's life, now
   */
  record Parts(
      String version,
      Supplier<Phase> phase,
      ConfigInForce config,
      ProxyServer proxy,
      Listeners listeners,
      LocalServices services,
      Mesh mesh,
      Metrics metrics) {}

  private final long started = System.nanoTime();
  private final Parts parts;
  private final AdminServer status;
  private final Optional<AdminServer> envoy;

  /**
   * Serves them from now on.
   *
   * @param first the configuration whose addresses hold until a restart
   * @throws IOException when an address cannot be bound
   */
  PeerPages(Config first, Parts parts) throws IOException {
    this.parts = parts;
    status =
        new AdminServer(
            first.peer().metricsAddress().resolve(),
            pages(first.peer().telemetryPath()),
            "--web.listen-address or peer.listen_address");
    try {
      Optional<BindAddress> address = first.admin().address();
      envoy =
          address.isPresent()
              ? Optional.of(
                  new AdminServer(address.get().resolve(), EnvoyPages.of(this), "admin.address"))
              : Optional.empty();
    } catch (IOException e) {
      status.close();
      throw e;
    }
  }

  private Map<String, PageSource> pages(String metricsPath) {
    return Map.of(
        metricsPath,
        query -> Page.metrics(metrics()),
        "/healthz",
        query -> Page.text(200, "ok"),
        "/readyz",
        query -> ready(),
        "/status",
        query -> StatusPage.render(this, query));
  }

  private Page ready() {
    return switch (parts.phase.get()) {
      case STARTING -> Page.text(503, "not listening yet");
      case SERVING -> Page.text(200, "ok");
      case DRAINING -> Page.text(503, "draining");
    };
  }

  /** The real address of the status pages. */
  InetSocketAddress statusAddress() {
    return status.address();
  }

  /** The real address of the pages in Envoy's shapes, if they are served. */
  Optional<InetSocketAddress> envoyAddress() {
    return envoy.map(AdminServer::address);
  }

  @Override
  public void close() {
    status.close();
    envoy.ifPresent(AdminServer::close);
  }

  @Override
  public Config configuration() {
    return parts.proxy.config();
  }

  @Override
  public List<Cluster> clusters() {
    return parts.services.clusters(parts.proxy.config());
  }

  @Override
  public Map<String, InetSocketAddress> listeners() {
    return parts.listeners.addresses();
  }

  @Override
  public int sessions() {
    return parts.proxy.sessions();
  }

  @Override
  public String metrics() {
    return parts.metrics.scrape();
  }

  @Override
  public String version() {
    return parts.version;
  }

  @Override
  public double uptimeSeconds() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - started) / 1000.0;
  }

  @Override
  public boolean draining() {
    return parts.phase.get() == Phase.DRAINING;
  }

  @Override
  public StatusPage.ConfigState config() {
    return parts.config.state();
  }

  @Override
  public RouteTable<Upstream> routes() {
    return parts.proxy.routes();
  }

  @Override
  public List<PeerStatus> peers() {
    return parts.mesh.status();
  }
}
