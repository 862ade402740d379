package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.admin.EnvoyPages;
import io.opsproxy.dataplane.admin.Page;
import io.opsproxy.dataplane.admin.PageSource;
import io.opsproxy.dataplane.admin.StatusPage;
import io.opsproxy.dataplane.admin.TailPage;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.BindProblem;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.mesh.Mesh;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.proxy.ListenerCounts;
import io.opsproxy.dataplane.proxy.Listeners;
import io.opsproxy.dataplane.proxy.ProxyServer;
import io.opsproxy.dataplane.route.RouteTable;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import io.opsproxy.dataplane.view.MeshPage;
import io.opsproxy.dataplane.why.Attention;
import io.opsproxy.dataplane.why.Facts;
import io.opsproxy.dataplane.why.Probes;
import io.opsproxy.dataplane.why.WhyPage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a peer shows of itself: the status pages, and the pages in Envoy's shapes where an address
 * is configured for them. It reads the parts of the peer, and changes none. Any thread.
 */
final class PeerPages implements Facts, EnvoyPages.Source, AutoCloseable {

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
      Resolver resolver,
      LoopPulses pulses,
      Probes probes,
      Metrics metrics) {}

  private final long started = System.nanoTime();
  private final Parts parts;
  private final Optional<PagePort> status;
  private final Optional<PagePort> envoy;

  /**
   * Serves them from now on, as far as that can be done.
   *
   * @param first the configuration whose addresses hold until a restart
   */
  PeerPages(Config first, Parts parts) {
    this.parts = parts;
    Map<String, PageSource> pages = pages(first.peer().telemetryPath());
    status =
        first.admin().withStatus()
            ? Optional.empty()
            : Optional.of(
                new PagePort(
                    "status pages",
                    first.peer().metricsAddress(),
                    "--web.listen-address or peer.listen_address",
                    pages,
                    parts.metrics));
    Map<String, PageSource> envoyPages = new LinkedHashMap<>(EnvoyPages.of(this));
    if (first.admin().withStatus()) {
      PageSource list = envoyPages.get("/");
      envoyPages.putAll(pages);
      envoyPages.put("/", list);
    } else {
      MeshPage.of(this, new WhyPage(this, parts.probes)).forEach(envoyPages::putIfAbsent);
    }
    envoy =
        first
            .admin()
            .address()
            .map(
                address ->
                    new PagePort(
                        "admin pages", address, "admin.address", envoyPages, parts.metrics));
    parts.listeners.others(this::addresses);
  }

  private List<PagePort> ports() {
    return Stream.concat(status.stream(), envoy.stream()).toList();
  }

  private Map<String, InetSocketAddress> addresses() {
    Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
    for (PagePort port : ports()) {
      port.address().ifPresent(address -> addresses.put(port.name(), address));
    }
    return addresses;
  }

  private Map<String, PageSource> pages(String metricsPath) {
    WhyPage why = new WhyPage(this, parts.probes);
    Map<String, PageSource> pages = new LinkedHashMap<>(MeshPage.of(this, why));
    pages.put("/why", why);
    pages.put("/tail", new TailPage(parts.proxy.tail()));
    pages.put("/healthz", query -> alive());
    pages.put("/readyz", query -> ready());
    pages.put("/status", query -> StatusPage.render(this, query));
    pages.put(metricsPath, query -> Page.metrics(metrics()));
    return pages;
  }

  private Page alive() {
    return parts
        .pulses
        .stuck()
        .map(sentence -> Page.text(503, sentence))
        .orElseGet(() -> Page.text(200, "ok"));
  }

  private Page ready() {
    return switch (parts.phase.get()) {
      case STARTING -> Page.text(503, "not listening yet");
      case SERVING -> Page.text(200, "ok");
      case DRAINING -> Page.text(503, "draining");
    };
  }

  /** The real address of the status pages; empty while there is none. */
  Optional<InetSocketAddress> statusAddress() {
    return (status.isPresent() ? status : envoy).flatMap(PagePort::address);
  }

  /** The real address of the pages in Envoy's shapes, if they are served. */
  Optional<InetSocketAddress> envoyAddress() {
    return envoy.flatMap(PagePort::address);
  }

  @Override
  public void close() {
    ports().forEach(PagePort::close);
  }

  @Override
  public List<StatusPage.Listening> listening() {
    List<StatusPage.Listening> all = new ArrayList<>();
    Map<String, BindProblem> problems = new LinkedHashMap<>();
    parts.listeners.down().forEach(one -> problems.put(one.listener(), one.problem()));
    Map<String, InetSocketAddress> bound = parts.listeners.addresses();
    for (ListenerConfig listener : configuration().listeners()) {
      InetSocketAddress address = bound.get(listener.name());
      all.add(
          new StatusPage.Listening(
              listener.name(),
              address == null ? listener.address().toString() : BindAddress.text(address),
              Optional.ofNullable(problems.get(listener.name()))));
    }
    for (PagePort port : ports()) {
      all.add(
          new StatusPage.Listening(
              "(" + port.name() + ")",
              port.address().map(BindAddress::text).orElse(""),
              port.problem()));
    }
    return all;
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
  public List<X509Certificate> certificates() {
    return parts.mesh.credentials().map(own -> own.identity().chain()).orElse(List.of());
  }

  @Override
  public int loops() {
    return parts.proxy.loops();
  }

  @Override
  public EnvoyPages.Traffic traffic(String listener) {
    ListenerCounts counts = parts.proxy.counts(listener);
    return new EnvoyPages.Traffic(counts.total(), counts.active());
  }

  @Override
  public EnvoyPages.Bytes bytes(Cluster cluster) {
    List<NameMetrics> names =
        cluster.config().names().stream()
            .flatMap(name -> routes().local().get(name).stream())
            .map(Upstream::metrics)
            .toList();
    return new EnvoyPages.Bytes(
        names.stream().mapToLong(NameMetrics::bytesToUpstream).sum(),
        names.stream().mapToLong(NameMetrics::bytesToClient).sum());
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

  @Override
  public Optional<StatusPage.MeshState> mesh() {
    return parts
        .mesh
        .credentials()
        .map(
            own ->
                new StatusPage.MeshState(
                    own.identity().id().value(),
                    own.identity().expires(),
                    parts.proxy.config().mesh().transit()));
  }

  @Override
  public List<StatusPage.Note> problems() {
    return Stream.of(
            Attention.of(config(), peers(), clusters()).stream(),
            parts.mesh.problems().stream()
                .map(one -> new StatusPage.Note(one.subject(), one.message(), one.remedy())),
            parts.resolver.known().stream()
                .filter(name -> name.problem() != null)
                .map(PeerPages::oldAnswer))
        .flatMap(Function.identity())
        .toList();
  }

  private static StatusPage.Note oldAnswer(Resolver.Known name) {
    return new StatusPage.Note(
        "name " + name.host(),
        name.problem()
            + "; its answer of "
            + name.age().toSeconds()
            + " s ago is used: "
            + name.addresses().stream()
                .map(InetAddress::getHostAddress)
                .collect(Collectors.joining(", ")),
        "see that the name server answers, and that the name still exists");
  }
}
