package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkProtocol;
import io.opsproxy.dataplane.mesh.link.RemoteAddress;
import io.opsproxy.dataplane.mesh.link.RemotePeer;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.RefusedName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A peer as the status page shows it.
 *
 * @param name what it calls itself, else its address
 * @param address where it was dialled, or where it came from
 * @param direction {@code out} or {@code in}
 * @param state {@code connected}, {@code connecting}, {@code waiting}, {@code given up}, {@code
 *     itself}
 * @param since when that state began
 * @param names those that it serves
 * @param error null, or the last problem
 * @param link what is known of a link that is up
 */
public record PeerStatus(
    String name,
    String address,
    String direction,
    String state,
    Instant since,
    List<String> names,
    String error,
    Optional<LinkStatus> link) {

  /**
   * A link that is up.
   *
   * @param id the verified id; empty where there is none
   * @param instance empty where it is not known
   * @param protocol {@code v1} or {@code v2}
   * @param roundTrip empty where it is not measured
   */
  public record LinkStatus(
      Optional<String> id,
      Optional<String> instance,
      String protocol,
      Optional<Duration> roundTrip,
      Optional<Instant> certificateExpires,
      List<RefusedName> refusedNames) {
    static LinkStatus of(Link link) {
      LinkProtocol protocol = link.protocol();
      return new LinkStatus(
          protocol.identity(),
          protocol.instance(),
          protocol.version(),
          protocol.roundTrip(),
          protocol.certificateExpires(),
          protocol.refusedNames());
    }
  }

  /** Whether nothing comes through it, and something should. */
  public boolean isDown() {
    return !state.equals("connected") && !isThisPeer();
  }

  /** Whether this very peer answers there, as with a list of replicas that has it too. */
  public boolean isThisPeer() {
    return state.equals(RemoteAddress.ITSELF);
  }

  /** One for each address that a configured peer has; one for all while it has none. */
  static List<PeerStatus> of(RemotePeer remote) {
    String address = remote.remote().toString();
    List<RemoteAddress> addresses = remote.addresses();
    if (addresses.isEmpty()) {
      return List.of(
          new PeerStatus(
              address,
              address,
              "out",
              "connecting",
              remote.since(),
              List.of(),
              remote.unresolved(),
              Optional.empty()));
    }
    return addresses.stream().map(one -> of(one.status(), address)).toList();
  }

  private static PeerStatus of(RemoteAddress.Status status, String address) {
    return status.state().equals("connected") && status.link() != null
        ? of(status.link(), address)
        : new PeerStatus(
            address,
            address,
            "out",
            status.state(),
            status.since(),
            List.of(),
            status.error(),
            Optional.empty());
  }

  /** Of a link that another peer dialled. */
  static PeerStatus of(Link link) {
    return of(link, BindAddress.text(link.remote()));
  }

  private static PeerStatus of(Link link, String address) {
    return new PeerStatus(
        link.introduction().map(Introduction::name).orElse(address),
        address,
        link.direction().label(),
        "connected",
        link.since(),
        link.names().backends().keySet().stream().map(HostName::value).sorted().toList(),
        null,
        Optional.of(LinkStatus.of(link)));
  }
}
