package io.opsproxy.dataplane.config.read;

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
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.AccessKeys;
import io.opsproxy.dataplane.config.schema.AdminKeys;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ConfigKeys;
import io.opsproxy.dataplane.config.schema.LimitKeys;
import io.opsproxy.dataplane.config.schema.LogKeys;
import io.opsproxy.dataplane.config.schema.MeshKeys;
import io.opsproxy.dataplane.config.schema.PeerKeys;
import io.opsproxy.dataplane.config.schema.ProxyKeys;
import io.opsproxy.dataplane.config.schema.Settings;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.ServiceAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the values of all layers together and checks what only the whole can show. Goes on after
 * errors, so that one run finds all of them.
 */
public final class ConfigBuilder {
  private final Settings settings;
  private final Map<String, String> environment;
  private final Problems problems;
  private final String name;

  public ConfigBuilder(Settings settings, Map<String, String> environment, Problems problems) {
    this.settings = settings;
    this.environment = environment;
    this.problems = problems;
    this.name = peerName();
  }

  /**
   * The configuration; only worth something when no error has been found.
   *
   * @param top the whole file
   * @param peerSection its section {@code peer}
   * @param meshSection its section {@code mesh}
   */
  public Config build(YamlSection top, YamlSection peerSection, YamlSection meshSection) {
    Duration dialTimeout = settings.get(ProxyKeys.DIAL_TIMEOUT);
    ServiceTable services = new ServiceTable(dialTimeout, problems);
    ServiceReader reader = new ServiceReader(services, dialTimeout, problems);
    reader.readServices(top);
    reader.readBackends(peerSection);
    addServiceItems(services);
    OpenAddresses opened = new OpenAddresses(problems);
    List<ListenerConfig> listeners = new ListenerReader(settings, opened, problems).read(top);
    services.checkForLoops(listeners);
    Optional<BindAddress> admin = Optional.empty();
    if (top.has(ConfigKeys.ADMIN_SECTION) || settings.find(AdminKeys.ADMIN_ADDRESS).isPresent()) {
      admin = Optional.of(settings.get(AdminKeys.ADMIN_ADDRESS));
      opened.open(settings, AdminKeys.ADMIN_ADDRESS);
    }
    return assemble(
        new Routing(
            services.services(),
            listeners,
            new AdminSettings(admin),
            new AccessLogReader(problems).read(top, listeners),
            settings.get(ProxyKeys.IDLE_TIMEOUT)),
        meshSection);
  }

  /**
   * What the two kinds of file say in ways of their own.
   *
   * @param idleTimeout as in {@link ProxySettings}
   */
  public record Routing(
      List<ServiceConfig> services,
      List<ListenerConfig> listeners,
      AdminSettings admin,
      List<AccessLogSettings> accessLogs,
      Duration idleTimeout) {}

  /**
   * Adds the plain values to it.
   *
   * @param meshSection the section {@code mesh} of a file that can have links to others, else null
   */
  public Config assemble(Routing routing, YamlSection meshSection) {
    return new Config(
        peer(meshSection != null),
        new LogSettings(settings.get(LogKeys.LOG_LEVEL), settings.get(LogKeys.LOG_FORMAT)),
        new ProxySettings(
            settings.get(ProxyKeys.DIAL_TIMEOUT),
            settings.get(ProxyKeys.READ_TIMEOUT),
            routing.idleTimeout(),
            settings.get(ProxyKeys.HALF_CLOSED_TIMEOUT),
            settings.get(ProxyKeys.THREADS),
            settings.get(ProxyKeys.RELAY)),
        routing.services(),
        routing.listeners(),
        new AccessSettings(values(AccessKeys.ACCESS_CONNECT), values(AccessKeys.TRUSTED_PROXIES)),
        new MeshReader(settings, problems).read(meshSection),
        new LimitSettings(
            settings.get(LimitKeys.MAX_CONNECTIONS),
            settings.get(LimitKeys.MAX_CONNECTIONS_PER_SOURCE),
            settings.get(LimitKeys.MAX_CONNECTIONS_PER_NAME),
            settings.get(LimitKeys.MAX_SNIFFING),
            settings.get(LimitKeys.MAX_SNIFFING_PER_SOURCE),
            settings.get(LimitKeys.MAX_LINKS),
            settings.get(LimitKeys.MAX_LINKS_PER_SOURCE),
            settings.get(LimitKeys.MAX_FORWARDS_PER_LINK)),
        routing.admin(),
        routing.accessLogs());
  }

  private PeerSettings peer(boolean linked) {
    BindAddress bind = settings.get(PeerKeys.BIND_ADDR);
    HostPort advertised =
        PeerIdentity.advertisedAddress(
            settings.findValue(PeerKeys.LOCAL_PEER_ADDR), environment, bind);
    Duration readTimeout = settings.get(PeerKeys.REGISTRATION_READ_TIMEOUT);
    Duration heartbeat = settings.get(PeerKeys.HEARTBEAT_INTERVAL);
    checkHeartbeat(heartbeat, readTimeout);
    return new PeerSettings(
        name,
        bind,
        settings.get(PeerKeys.LISTEN_ADDRESS),
        settings.get(PeerKeys.TELEMETRY_PATH),
        advertised,
        linked ? remotePeers(advertised) : List.of(),
        settings.get(PeerKeys.CONNECTION_TIMEOUT),
        readTimeout,
        settings.get(PeerKeys.RECONNECT_INTERVAL),
        settings.get(PeerKeys.MAX_RECONNECT),
        heartbeat,
        settings.get(PeerKeys.DRAIN_DELAY),
        settings.get(PeerKeys.DRAIN_TIMEOUT));
  }

  private String peerName() {
    Optional<Sourced<String>> name = preferred(PeerKeys.PEER_NAME, PeerKeys.CLIENT_NAME);
    return name.isPresent() ? name.get().value() : PeerIdentity.defaultName(environment);
  }

  /** The value of a key, else of its old name; saying so when both stand in the file. */
  private <T> Optional<Sourced<T>> preferred(ConfigKey<T> key, ConfigKey<T> oldKey) {
    Optional<Sourced<T>> value = settings.find(key);
    Optional<Sourced<T>> old = settings.find(oldKey);
    if (value.isPresent() && old.isPresent() && value.get().at().layer() == Source.Layer.FILE) {
      problems.warning(
          old.get().at(),
          oldKey.name() + " has no effect, because " + key.name() + " is set as well",
          "remove " + oldKey.name() + ", the old name");
    }
    return value.isPresent() ? value : old;
  }

  private void addServiceItems(ServiceTable services) {
    Optional<Sourced<List<Sourced<String>>>> items =
        preferred(PeerKeys.SERVICE_ADDR, PeerKeys.BACKEND_ADDR);
    if (items.isEmpty()) {
      return;
    }
    for (Sourced<String> item : items.get().value()) {
      try {
        services.addItem(new Sourced<>(ServiceAddress.parseItem(item.value(), name), item.at()));
      } catch (IllegalArgumentException e) {
        problems.error(
            item.at(), "service " + e.getMessage(), "write domain:port or name:host:port");
      }
    }
  }

  /** The old names of the file add to the new one; a variable or flag stands for all three. */
  private List<HostPort> remotePeers(HostPort advertised) {
    List<Sourced<HostPort>> all = new ArrayList<>();
    Optional<Sourced<List<Sourced<HostPort>>>> current = settings.find(PeerKeys.REMOTE_PEER_ADDR);
    all.addAll(settings.findValue(PeerKeys.REMOTE_PEER_ADDR).orElse(List.of()));
    if (current.isEmpty() || current.get().at().layer() == Source.Layer.FILE) {
      all.addAll(settings.findValue(PeerKeys.SERVER_ADDR).orElse(List.of()));
      all.addAll(settings.findValue(PeerKeys.PEER_ADDR).orElse(List.of()));
    }
    List<HostPort> peers = new ArrayList<>();
    Set<HostPort> seen = new HashSet<>();
    Set<HostPort> reported = new HashSet<>();
    for (Sourced<HostPort> peer : all) {
      HostPort address = peer.value();
      if (seen.add(address)) {
        peers.add(address);
        if (address.equals(advertised)) {
          problems.warning(
              peer.at(),
              "remote peer " + address + " is the address of this peer itself",
              "remove it, or set local_peer_addr to the address that others dial");
        }
      } else if (reported.add(address)) {
        problems.warning(
            peer.at(), "remote peer " + address + " stands more than once", "keep one of them");
      }
    }
    return peers;
  }

  private void checkHeartbeat(Duration heartbeat, Duration readTimeout) {
    if (heartbeat.compareTo(readTimeout) >= 0) {
      problems.warning(
          settings.at(PeerKeys.HEARTBEAT_INTERVAL),
          "heartbeat_interval is not shorter than registration_read_timeout: peers with the same"
              + " settings cut links as dead between two heartbeats",
          "make it a third of registration_read_timeout or less");
    }
  }

  /** Says once, at start, that the port is open to anyone's registrations. */
  public void warnOfOpenMesh() {
    BindAddress bind = settings.get(PeerKeys.BIND_ADDR);
    if (settings.find(MeshKeys.LEGACY_PEERS).isEmpty()
        && settings.find(MeshKeys.CERTIFICATE).isEmpty()
        && !settings.isBad(MeshKeys.LEGACY_PEERS)
        && !settings.isBad(PeerKeys.BIND_ADDR)
        && !bind.isLoopback()) {
      problems.warning(
          Source.DEFAULT.at(MeshKeys.LEGACY_PEERS.path(), 0),
          "not set: whoever reaches " + bind + " may register any name and take its traffic",
          "list the networks of your peers, such as [10.0.0.0/8], or [] for no v1 links");
    }
  }

  /** The items of a list, without their places; none when nothing is configured. */
  private <T> List<T> values(ConfigKey<List<Sourced<T>>> key) {
    List<T> values = new ArrayList<>();
    for (Sourced<T> item : settings.findValue(key).orElse(List.of())) {
      values.add(item.value());
    }
    return values;
  }
}
