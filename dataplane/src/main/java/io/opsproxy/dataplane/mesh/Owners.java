package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.LinkedPeer;
import io.opsproxy.dataplane.mesh.stream.RemoteName;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What can be said of who serves a route, for pages and metrics. Any thread. */
public final class Owners {
  private Owners() {}

  /** The peers that serve a name now, each once, as they call themselves. Any thread. */
  public static List<String> names(Upstream upstream) {
    if (upstream instanceof RemoteName remote) {
      return remote.owned().advertisements().stream()
          .map(Advertisement::owner)
          .collect(
              Collectors.toMap(
                  Owners::peer, StreamOwner::label, (one, other) -> one, LinkedHashMap::new))
          .values()
          .stream()
          .toList();
    }
    return List.of();
  }

  /**
   * One that tells a name.
   *
   * @param peer its id, else what it calls itself
   * @param path ids from the next hop to the owner, this peer not included
   * @param state {@code usable} or {@code unusable}
   */
  public record OwnerStatus(String peer, List<String> path, int weight, String state) {}

  /** All that tell a name now and are entitled to it. Any thread. */
  public static List<OwnerStatus> status(Upstream upstream) {
    if (upstream instanceof RemoteName remote) {
      return remote.owned().advertisements().stream().map(Owners::status).toList();
    }
    return List.of();
  }

  private static OwnerStatus status(Advertisement<StreamOwner> one) {
    String peer = one.identity().orElseGet(() -> one.owner().label());
    List<String> path = new ArrayList<>(one.route().path());
    path.add(peer);
    return new OwnerStatus(
        peer, path, one.weight(), one.owner().isUsable() ? "usable" : "unusable");
  }

  private static Object peer(StreamOwner owner) {
    LinkedPeer peer = owner.standing().peer();
    return peer == null ? owner : peer;
  }

  /**
   * Whether a request for a name of this upstream could be sent now: to a local service always. Any
   * thread.
   */
  public static boolean isConnected(Upstream upstream) {
    return !(upstream instanceof RemoteName remote) || remote.isConnected();
  }

  /** Since when the first of its owners is linked. Any thread. */
  public static Optional<Instant> since(Upstream upstream) {
    if (upstream instanceof RemoteName remote) {
      return remote.owned().advertisements().stream()
          .map(one -> one.owner().since())
          .min(Instant::compareTo);
    }
    return Optional.empty();
  }
}
