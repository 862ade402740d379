package io.opsproxy.operator.render;

import static io.opsproxy.operator.render.Upstreams.duration;

import io.opsproxy.api.v1alpha1.Logging;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;
import io.opsproxy.api.v1alpha1.Timeouts;
import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.model.AccessLogSettings;
import io.opsproxy.dataplane.config.model.AccessSettings;
import io.opsproxy.dataplane.config.model.AdminSettings;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.LimitSettings;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.LogSettings;
import io.opsproxy.dataplane.config.model.PeerSettings;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.ConnectRule;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.write.ConfigWriter;
import io.opsproxy.operator.render.Attachment.Served;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The configuration of a peer's pods, in the data plane's own model and then as its file. */
final class PeerConfig {
  /** What a peer does where nothing is said; taken from the peer itself. */
  private static final Config DEFAULTS =
      ConfigLoader.check("peer: {}", "defaults").config().orElseThrow();

  private PeerConfig() {}

  /** Beyond this the parts alone are read back, each when it is made. */
  private static final int MAX_READ_BACK = 256 * 1024;

  /**
   * The text of {@code config.yaml}; what a peer would refuse never leaves here.
   *
   * @throws RefusedSpec naming the value
   */
  static String yaml(
      ProxyPeer peer, List<HostPort> remotes, Trust trust, List<Served> services, Site site) {
    String text = write(peer, remotes, trust, services, site);
    if (text.length() <= MAX_READ_BACK) {
      check("spec", text);
    }
    return text;
  }

  /**
   * Reads what a service alone would make of a peer.
   *
   * @throws RefusedSpec naming the value
   */
  static void check(ProxyPeer peer, ServiceConfig service, Site site) {
    check(
        "spec",
        write(peer, List.of(), Trust.NOBODY, List.of(new Served(service, Optional.empty())), site));
  }

  /**
   * Reads a peer without its services.
   *
   * @throws RefusedSpec naming the value
   */
  static void check(ProxyPeer peer, List<HostPort> remotes, Trust trust, Site site) {
    check("spec", write(peer, remotes, trust, List.of(), site));
  }

  private static String write(
      ProxyPeer peer, List<HostPort> remotes, Trust trust, List<Served> services, Site site) {
    Function<BindAddress, BindAddress> listen = inPod -> site.listen(ObjectKey.of(peer), inPod);
    return "# Written by "
        + Labels.MANAGER
        + " from ProxyPeer "
        + ObjectKey.of(peer)
        + " and its ExposedServices; changes made here do not last.\n"
        + ConfigWriter.write(config(peer.getSpec(), remotes, trust, services, listen));
  }

  private static void check(String path, String text) {
    LoadResult read = ConfigLoader.check(text, "config.yaml");
    if (read.config().isEmpty()) {
      throw new RefusedSpec(
          path,
          read.problems().stream()
              .filter(problem -> problem.severity() == Problem.Severity.ERROR)
              .map(
                  problem ->
                      problem.path() + ": " + problem.message() + " (" + problem.remedy() + ")")
              .collect(Collectors.joining("; ")));
    }
  }

  static Duration dialTimeout(ProxyPeer peer) {
    return duration("spec.timeouts.dial", peer.getSpec().timeouts().dial());
  }

  private static Config config(
      ProxyPeerSpec spec,
      List<HostPort> remotes,
      Trust trust,
      List<Served> services,
      Function<BindAddress, BindAddress> listen) {
    return new Config(
        peer(spec, remotes, listen),
        log(spec.logging()),
        proxy(spec.timeouts()),
        services.stream().map(Served::service).toList(),
        listeners(spec, services, listen),
        new AccessSettings(
            RefusedSpec.parseAll(
                "spec.access.connect", spec.access().connect(), ConnectRule::parse),
            RefusedSpec.parseAll(
                "spec.access.trustedProxies", spec.access().trustedProxies(), Cidr::parse)),
        MeshConfig.of(spec.mesh(), trust),
        new LimitSettings(
            spec.limits().maxConnections(),
            spec.limits().maxConnectionsPerSource(),
            spec.limits().maxConnectionsPerName(),
            DEFAULTS.limits().maxSniffing(),
            DEFAULTS.limits().maxSniffingPerSource(),
            DEFAULTS.limits().maxLinks(),
            DEFAULTS.limits().maxLinksPerSource(),
            DEFAULTS.limits().maxForwardsPerLink()),
        new AdminSettings(
            spec.admin().enabled()
                ? Optional.of(listen.apply(new BindAddress("127.0.0.1", spec.admin().port())))
                : Optional.empty()),
        spec.logging().accessLog() == null
            ? List.of()
            : List.of(
                new AccessLogSettings(
                    Path.of("/dev/stdout"),
                    spec.logging().accessLog(),
                    Optional.empty(),
                    List.of())));
  }

  private static PeerSettings peer(
      ProxyPeerSpec spec, List<HostPort> remotes, Function<BindAddress, BindAddress> listen) {
    Timeouts timeouts = spec.timeouts();
    return new PeerSettings(
        DEFAULTS.peer().name(),
        listen.apply(anyAddress(spec.listen().proxyPort())),
        listen.apply(anyAddress(spec.listen().metricsPort())),
        DEFAULTS.peer().telemetryPath(),
        DEFAULTS.peer().advertisedAddress(),
        remotes,
        duration("spec.timeouts.connection", timeouts.connection()),
        duration("spec.timeouts.registrationRead", timeouts.registrationRead()),
        duration("spec.timeouts.reconnectInterval", timeouts.reconnectInterval()),
        timeouts.maxReconnect(),
        duration("spec.timeouts.heartbeatInterval", timeouts.heartbeatInterval()),
        // The delay is the pod's preStop: by the time of SIGTERM it is over.
        Duration.ZERO,
        duration("spec.drain.timeout", spec.drain().timeout()));
  }

  private static LogSettings log(Logging logging) {
    return new LogSettings(
        LogSettings.Level.valueOf(logging.level().name()),
        LogSettings.Format.valueOf(logging.format().name()));
  }

  private static ProxySettings proxy(Timeouts timeouts) {
    return new ProxySettings(
        duration("spec.timeouts.dial", timeouts.dial()),
        duration("spec.timeouts.read", timeouts.read()),
        duration("spec.timeouts.idle", timeouts.idle()),
        duration("spec.timeouts.halfClosed", timeouts.halfClosed()),
        DEFAULTS.proxy().threads(),
        DEFAULTS.proxy().relay());
  }

  private static List<ListenerConfig> listeners(
      ProxyPeerSpec spec, List<Served> services, Function<BindAddress, BindAddress> listen) {
    ListenerConfig first = DEFAULTS.listeners().get(0);
    List<ListenerConfig> listeners = new ArrayList<>();
    listeners.add(
        new ListenerConfig(
            first.name(),
            listen.apply(anyAddress(spec.listen().proxyPort())),
            first.service(),
            first.defaultService(),
            first.detectTimeout()));
    for (Served served : services) {
      if (served.listener().isPresent()) {
        HostName name =
            served.service().names().stream()
                .filter(n -> !n.isWildcard())
                .findFirst()
                .orElseThrow();
        ListenerPort port = served.listener().get();
        listeners.add(
            new ListenerConfig(
                port.name(),
                listen.apply(anyAddress(port.inPod())),
                Optional.of(name),
                Optional.empty(),
                first.detectTimeout()));
      }
    }
    return listeners;
  }

  private static BindAddress anyAddress(int port) {
    return new BindAddress("", port);
  }
}
