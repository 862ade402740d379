package io.opsproxy.dataplane.config.model;

import java.util.List;

/**
 * One whole, validated, immutable configuration of a peer. Everything in the data plane is built
 * from one of these; a reload builds the next one and swaps it. Values are normalised: names
 * lower-case, durations positive, defaults filled in, so that no reader has to know a default.
 *
 * @param peer who this peer is, where it listens, which peers it dials, and the timing of its links
 * @param log what is logged and how
 * @param proxy time limits and threads of the proxied connections
 * @param services names served here, from SERVICE_ADDR and from {@code services:}; no name occurs
 *     twice
 * @param listeners every listening address; the first is {@code peer.bind_addr} and is named
 *     {@value #PEER_LISTENER}, except that of Envoy's files none has that name, because they have
 *     no peers
 * @param access who may use this peer as a forward proxy, and whose PROXY header is believed
 * @param mesh rules of peer links
 * @param limits bounds of what clients can make this process hold
 * @param admin pages in Envoy's shapes
 * @param accessLogs files that get a line a connection
 */
public record Config(
    PeerSettings peer,
    LogSettings log,
    ProxySettings proxy,
    List<ServiceConfig> services,
    List<ListenerConfig> listeners,
    AccessSettings access,
    MeshSettings mesh,
    LimitSettings limits,
    AdminSettings admin,
    List<AccessLogSettings> accessLogs) {

  /**
   * The name of the listener that {@code peer.bind_addr} makes: the one that also takes peer links.
   */
  public static final String PEER_LISTENER = "peer";

  public Config {
    services = List.copyOf(services);
    listeners = List.copyOf(listeners);
    accessLogs = List.copyOf(accessLogs);
  }
}
