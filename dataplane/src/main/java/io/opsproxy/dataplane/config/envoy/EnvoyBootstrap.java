package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.model.AdminSettings;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.read.ConfigBuilder;
import io.opsproxy.dataplane.config.read.FileSet;
import io.opsproxy.dataplane.config.read.OpenAddresses;
import io.opsproxy.dataplane.config.schema.AdminKeys;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.PeerKeys;
import io.opsproxy.dataplane.config.schema.ProxyKeys;
import io.opsproxy.dataplane.config.schema.Settings;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.Nearest;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Reads an Envoy bootstrap, and the files that it names, into what the peer's own files say in
 * their way. There is no listener for peers then: connections go by the port they come to.
 */
public final class EnvoyBootstrap {
  /** What no file of the peer itself has at its top. */
  private static final Set<String> MARKS =
      Set.of("node", "static_resources", "dynamic_resources", "resources");

  /** "0s" is without limit for Envoy; ours has one, the longest there is. */
  private static final Duration LONGEST_IDLE = Duration.ofDays(366);

  private final Settings settings;
  private final Problems problems;
  private final EnvoySources sources;
  private final OpenAddresses opened;
  private final EnvoyAccessLogReader logs;
  private final EnvoyListenerReader listeners;

  public EnvoyBootstrap(Settings settings, FileSet files, Problems problems) {
    this.settings = settings;
    this.problems = problems;
    this.sources = new EnvoySources(files, problems);
    this.opened = new OpenAddresses(problems);
    this.logs = new EnvoyAccessLogReader(problems);
    this.listeners = new EnvoyListenerReader(opened, logs, problems);
  }

  /** Whether a file is Envoy's. */
  public static boolean matches(YamlNode root) {
    if (!(root instanceof YamlNode.Mapping mapping) || mapping.get(PeerKeys.PEER) != null) {
      return false;
    }
    for (YamlNode.Entry entry : mapping.entries()) {
      if (MARKS.contains(EnvoySpelling.field(entry.key()))) {
        return true;
      }
    }
    return mapping.get(AdminKeys.SECTION) instanceof YamlNode.Mapping admin
        && admin.get("address") instanceof YamlNode.Mapping address
        && (address.get("socket_address") != null || address.get("socketAddress") != null);
  }

  public ConfigBuilder.Routing read(YamlNode written, Source file) {
    YamlNode root = EnvoySpelling.unify(written, file, problems);
    if (EnvoyOldApi.is(root, file, problems)) {
      return nothing();
    }
    if (((YamlNode.Mapping) root).get(EnvoyKeys.RESOURCES.name()) != null) {
      problems.error(
          file,
          "these are resources, not the bootstrap that names them",
          "name the file that has dynamic_resources, such as envoy.yaml");
      return nothing();
    }
    YamlSection top =
        YamlSection.open(EnvoyKeys.BOOTSTRAP, root, file, EnvoyVocabulary.INSTANCE, problems);
    top.section(EnvoyKeys.NODE, "Node");
    if (settings.find(PeerKeys.LISTEN_ADDRESS).isPresent()) {
      opened.open(settings, PeerKeys.LISTEN_ADDRESS);
    }
    AdminSettings admin = admin(top);
    YamlSection fixed = top.section(EnvoyKeys.STATIC_RESOURCES, "StaticResources");
    YamlSection dynamic = top.section(EnvoyKeys.DYNAMIC_RESOURCES, "DynamicResources");
    List<ListenerConfig> listened = new ArrayList<>();
    for (YamlSection section :
        all(fixed, EnvoyKeys.LISTENERS, dynamic, EnvoyKeys.LDS_CONFIG, EnvoyType.LISTENER)) {
      listeners.read(section).ifPresent(listened::add);
    }
    EnvoyClusterReader clusters = new EnvoyClusterReader(sources, listeners.chains(), problems);
    List<ServiceConfig> services = new ArrayList<>();
    for (YamlSection section :
        all(fixed, EnvoyKeys.CLUSTERS, dynamic, EnvoyKeys.CDS_CONFIG, EnvoyType.CLUSTER)) {
      clusters.read(section).ifPresent(services::add);
    }
    if (!sources.incomplete()) {
      checkTargets(clusters);
    }
    return new ConfigBuilder.Routing(services, listened, admin, logs.settings(), idleTimeout());
  }

  private ConfigBuilder.Routing nothing() {
    return new ConfigBuilder.Routing(
        List.of(), List.of(), new AdminSettings(Optional.empty()), List.of(), idleTimeout());
  }

  /** Those in the bootstrap, then those in the file that it names. */
  private List<YamlSection> all(
      YamlSection fixed,
      ConfigKey<Void> list,
      YamlSection dynamic,
      ConfigKey<Void> source,
      EnvoyType type) {
    List<YamlSection> all = new ArrayList<>(fixed.sections(list, type.section()));
    if (dynamic.has(source)) {
      sources.path(dynamic, source).ifPresent(path -> all.addAll(sources.resources(path, type)));
    }
    return all;
  }

  private AdminSettings admin(YamlSection top) {
    YamlSection admin = top.section(EnvoyKeys.ADMIN, "Admin");
    Optional<Sourced<String>> log = admin.read(EnvoyKeys.ADMIN_LOG_PATH, "");
    if (log.isPresent() && !log.get().value().equals("/dev/null")) {
      problems.warning(
          log.get().at(),
          "requests for admin pages are not logged",
          "write /dev/null, or remove it");
    }
    Optional<Sourced<BindAddress>> address =
        admin.has(EnvoyKeys.ADMIN_ADDRESS)
            ? new EnvoyAddresses(problems).bind(admin, EnvoyKeys.ADMIN_ADDRESS, "admin address")
            : Optional.empty();
    // As everywhere, a variable wins over the file.
    Optional<Sourced<BindAddress>> inForce =
        settings.find(AdminKeys.ADMIN_ADDRESS).or(() -> address);
    inForce.ifPresent(open -> opened.open("admin", open.value(), open.at()));
    return new AdminSettings(
        inForce.map(Sourced::value), settings.find(PeerKeys.LISTEN_ADDRESS).isEmpty());
  }

  private void checkTargets(EnvoyClusterReader clusters) {
    for (EnvoyChainReader.Target target : listeners.chains().targets()) {
      String cluster = target.cluster().value();
      if (!clusters.names().containsKey(cluster)) {
        String nearest = Nearest.of(cluster, List.copyOf(clusters.names().keySet()));
        problems.error(
            target.cluster().at(),
            "listener "
                + Quoted.of(target.listener())
                + " names cluster "
                + Quoted.of(cluster)
                + ", which nobody defines",
            nearest == null
                ? "define it in the file of cds_config or under static_resources"
                : "did you mean " + Quoted.of(nearest) + "?");
      }
    }
  }

  /** There is one for all connections: the longest that a listener asks for. */
  private Duration idleTimeout() {
    Duration fallback = settings.get(ProxyKeys.IDLE_TIMEOUT);
    if (settings.find(ProxyKeys.IDLE_TIMEOUT).isPresent()
        || listeners.chains().idleTimeouts().isEmpty()) {
      return fallback;
    }
    Duration longest = Duration.ZERO;
    for (Sourced<Optional<Duration>> timeout : listeners.chains().idleTimeouts()) {
      Duration wanted = inForce(timeout, fallback);
      longest = wanted.compareTo(longest) > 0 ? wanted : longest;
    }
    for (Sourced<Optional<Duration>> timeout : listeners.chains().idleTimeouts()) {
      if (!inForce(timeout, fallback).equals(longest)) {
        problems.warning(
            timeout.at(),
            "there is one idle_timeout for all listeners: the longest, "
                + longest.toSeconds()
                + " s",
            "write the same idle_timeout in every TcpProxy");
      }
    }
    return longest;
  }

  private static Duration inForce(Sourced<Optional<Duration>> timeout, Duration fallback) {
    Duration wanted = timeout.value().orElse(fallback);
    return wanted.isZero() ? LONGEST_IDLE : wanted;
  }
}
