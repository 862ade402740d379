package io.opsproxy.dataplane.mesh.v1;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.Offer;
import java.util.List;
import java.util.Optional;

/**
 * One line of protocol v1, parsed. {@link PeerLineCodec} reads and writes them; {@code
 * design/protocol.md} is the reference.
 */
sealed interface PeerLine {

  /**
   * These names are served by the sender.
   *
   * @param sender empty in the documented form
   * @param items those that could be read
   * @param skipped how many could not
   */
  record Register(Optional<Introduction> sender, List<Offer.Item> items, int skipped)
      implements PeerLine {}

  /** The same, told by the other side: all names that the sender serves itself. */
  record Sync(Optional<Introduction> sender, List<Offer.Item> items, int skipped)
      implements PeerLine {}

  /** So many names were taken. */
  record Ok(int count) implements PeerLine {}

  /** A registration was refused. */
  record Refused(String reason) implements PeerLine {}

  /**
   * Connect this backend and bring it on a DATA connection with this id.
   *
   * @param backend empty when the line named none
   */
  record Forward(String id, HostName name, Optional<HostPort> backend) implements PeerLine {}

  /**
   * The forward with this id cannot be served; sent only to peers whose ids show that they know
   * this line.
   */
  record ForwardFailed(String id, String reason) implements PeerLine {}

  /** First line of a DATA connection. */
  record Data(String id) implements PeerLine {}

  /** Not a line of this protocol, or a broken one. */
  record Unreadable(String why) implements PeerLine {}
}
