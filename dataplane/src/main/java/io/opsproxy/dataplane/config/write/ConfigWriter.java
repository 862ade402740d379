package io.opsproxy.dataplane.config.write;

import io.opsproxy.dataplane.config.model.AccessLogSettings;
import io.opsproxy.dataplane.config.model.AccessSettings;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.LimitSettings;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.model.LogSettings;
import io.opsproxy.dataplane.config.model.PeerSettings;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.SniRoute;
import io.opsproxy.dataplane.config.read.AccessLogFormat;
import io.opsproxy.dataplane.config.schema.AccessKeys;
import io.opsproxy.dataplane.config.schema.AccessLogKeys;
import io.opsproxy.dataplane.config.schema.AdminKeys;
import io.opsproxy.dataplane.config.schema.LimitKeys;
import io.opsproxy.dataplane.config.schema.LogKeys;
import io.opsproxy.dataplane.config.schema.MeshKeys;
import io.opsproxy.dataplane.config.schema.PeerKeys;
import io.opsproxy.dataplane.config.schema.ProxyKeys;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * Writes a configuration as the file that reads as the same configuration, without what is default
 * anyway. Who a peer is ({@code peer_name}, {@code local_peer_addr}) is not written: it belongs to
 * the place where the file is read. The same configuration always gives the same bytes. Stateless.
 */
public final class ConfigWriter {
  private ConfigWriter() {}

  /** The text of {@code config.yaml}; never empty. */
  public static String write(Config config) {
    Map<String, Object> top = new LinkedHashMap<>();
    // Always there: a file without anything in it would count as a mistake at a reload.
    top.put(PeerKeys.PEER, peer(config).entries());
    add(LogKeys.SECTION, log(config.log()), top);
    add(ProxyKeys.SECTION, proxy(config), top);
    WrittenSection lists = new WrittenSection();
    List<WrittenSection> services = new ArrayList<>();
    for (ServiceConfig service : config.services()) {
      services.add(ServiceWriter.write(service, config.proxy()));
    }
    lists.putAll(ServiceKeys.SERVICES_LIST, services);
    lists.putAll(ServiceKeys.LISTENERS_LIST, listeners(config));
    top.putAll(lists.entries());
    add(MeshKeys.SECTION, MeshWriter.write(config.mesh()), top);
    add(AccessKeys.SECTION, access(config.access()), top);
    add(LimitKeys.SECTION, limits(config.limits()), top);
    config
        .admin()
        .address()
        .ifPresent(address -> top.put(AdminKeys.SECTION, Map.of("address", address.toString())));
    WrittenSection logs = new WrittenSection();
    logs.putAll(AccessLogKeys.LOGS, accessLogs(config.accessLogs()));
    top.putAll(logs.entries());
    return yaml(top);
  }

  private static void add(String name, WrittenSection section, Map<String, Object> top) {
    if (!section.entries().isEmpty()) {
      top.put(name, section.entries());
    }
  }

  private static String yaml(Map<String, Object> top) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setIndicatorIndent(0);
    options.setWidth(200);
    options.setSplitLines(false);
    return new Yaml(options).dump(top);
  }

  private static WrittenSection peer(Config config) {
    PeerSettings peer = config.peer();
    WrittenSection section = new WrittenSection();
    // Both always: a reader of the file wants to know the ports.
    section.entries().put(PeerKeys.BIND_ADDR.name(), peer.bindAddress().toString());
    section.entries().put(PeerKeys.LISTEN_ADDRESS.name(), peer.metricsAddress().toString());
    section.put(PeerKeys.TELEMETRY_PATH, peer.telemetryPath());
    section.putAll(PeerKeys.REMOTE_PEER_ADDR, peer.remotePeers());
    section.put(PeerKeys.CONNECTION_TIMEOUT, peer.connectionTimeout());
    section.put(PeerKeys.REGISTRATION_READ_TIMEOUT, peer.registrationReadTimeout());
    section.put(PeerKeys.RECONNECT_INTERVAL, peer.reconnectInterval());
    section.put(PeerKeys.MAX_RECONNECT, peer.maxReconnect());
    section.put(PeerKeys.HEARTBEAT_INTERVAL, peer.heartbeatInterval());
    section.put(PeerKeys.DRAIN_DELAY, peer.drainDelay());
    section.put(PeerKeys.DRAIN_TIMEOUT, peer.drainTimeout());
    return section;
  }

  private static WrittenSection log(LogSettings log) {
    WrittenSection section = new WrittenSection();
    section.put(LogKeys.LOG_LEVEL, log.level());
    section.put(LogKeys.LOG_FORMAT, log.format());
    return section;
  }

  private static WrittenSection proxy(Config config) {
    ProxySettings proxy = config.proxy();
    ListenerConfig listener = config.listeners().get(0);
    WrittenSection section = new WrittenSection();
    section.put(ProxyKeys.DIAL_TIMEOUT, proxy.dialTimeout());
    section.put(ProxyKeys.READ_TIMEOUT, proxy.readTimeout());
    section.put(ProxyKeys.IDLE_TIMEOUT, proxy.idleTimeout());
    section.put(ProxyKeys.HALF_CLOSED_TIMEOUT, proxy.halfClosedTimeout());
    section.put(ProxyKeys.THREADS, proxy.threads());
    section.put(ProxyKeys.RELAY, proxy.relay());
    section.put(ProxyKeys.PROXY_DEFAULT_SERVICE, listener.defaultService());
    section.put(ProxyKeys.PROXY_DETECT_TIMEOUT, listener.detectTimeout());
    return section;
  }

  /** All but the first, which is that of {@code bind_addr}. */
  private static List<WrittenSection> listeners(Config config) {
    List<WrittenSection> sections = new ArrayList<>();
    for (ListenerConfig listener : config.listeners().subList(1, config.listeners().size())) {
      WrittenSection section = new WrittenSection();
      section.put(ServiceKeys.LISTENER_NAME, listener.name());
      section.put(ServiceKeys.LISTENER_ADDRESS, listener.address());
      section.put(ServiceKeys.LISTENER_SERVICE, listener.service());
      section.put(ServiceKeys.LISTENER_DEFAULT_SERVICE, listener.defaultService());
      section.put(ServiceKeys.LISTENER_DETECT_TIMEOUT, listener.detectTimeout());
      section.put(ServiceKeys.LISTENER_PROXY_HEADER, listener.proxyHeader());
      section.putAll(
          ServiceKeys.LISTENER_SNI_ROUTES,
          listener.sniRoutes().stream().map(ConfigWriter::sniRoute).toList());
      sections.add(section);
    }
    return sections;
  }

  private static WrittenSection sniRoute(SniRoute route) {
    WrittenSection section = new WrittenSection();
    section.putList(ServiceKeys.SERVER_NAMES, route.serverNames());
    section.put(ServiceKeys.SNI_SERVICE, route.service());
    return section;
  }

  private static WrittenSection access(AccessSettings access) {
    WrittenSection section = new WrittenSection();
    section.putAll(AccessKeys.ACCESS_CONNECT, access.connect());
    section.putAll(AccessKeys.TRUSTED_PROXIES, access.trustedProxies());
    return section;
  }

  private static WrittenSection limits(LimitSettings limits) {
    WrittenSection section = new WrittenSection();
    section.put(LimitKeys.MAX_CONNECTIONS, limits.maxConnections());
    section.put(LimitKeys.MAX_CONNECTIONS_PER_SOURCE, limits.maxConnectionsPerSource());
    section.put(LimitKeys.MAX_CONNECTIONS_PER_NAME, limits.maxConnectionsPerName());
    section.put(LimitKeys.MAX_SNIFFING, limits.maxSniffing());
    section.put(LimitKeys.MAX_SNIFFING_PER_SOURCE, limits.maxSniffingPerSource());
    section.put(LimitKeys.MAX_LINKS, limits.maxLinks());
    section.put(LimitKeys.MAX_LINKS_PER_SOURCE, limits.maxLinksPerSource());
    section.put(LimitKeys.MAX_FORWARDS_PER_LINK, limits.maxForwardsPerLink());
    return section;
  }

  private static List<WrittenSection> accessLogs(List<AccessLogSettings> logs) {
    List<WrittenSection> sections = new ArrayList<>();
    for (AccessLogSettings log : logs) {
      WrittenSection section = new WrittenSection();
      section.put(AccessLogKeys.PATH, log.path());
      if (log.jsonFormat().isPresent()) {
        section.entries().put(AccessLogKeys.JSON_FORMAT.name(), log.jsonFormat().get());
      } else if (!log.format().equals(AccessLogFormat.DEFAULT)) {
        section.put(AccessLogKeys.FORMAT, log.format());
      }
      section.putAll(AccessLogKeys.LOG_LISTENERS, log.listeners());
      sections.add(section);
    }
    return sections;
  }
}
