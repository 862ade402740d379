package io.opsproxy.dataplane.mesh.link;

import io.netty.buffer.ByteBuf;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.RefusedName;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is said on a link: owns its bytes, while {@link Link} owns its life. Who dialled and which
 * protocol is spoken are independent. On the link's loop, except what says otherwise.
 */
public interface LinkProtocol {

  /** Makes the protocol of a link that was just connected. */
  @FunctionalInterface
  interface Factory {
    LinkProtocol on(Link link);
  }

  /** What is left after some work. */
  enum Work {
    /** Nothing, until more bytes come. */
    DONE,
    /** More, in another turn of the loop. */
    MORE,
    /** Something must happen first; {@link Link#goOn} is called when it has. */
    WAITS
  }

  /** The link is connected: what this side says first is said. */
  void open();

  /** Bytes came, to be worked on next; the buffer is lent for the call. */
  void take(ByteBuf bytes);

  /** Works on what was taken, for so long as an event loop may be held up. */
  Work work();

  /**
   * Tells the other side what is served here now.
   *
   * @return false when this protocol cannot say that on this link: only a new link can
   */
  boolean tell(Offer next);

  /** What the other side was last told. Any thread. */
  Offer told();

  /** Silence after which the other side counts as dead. */
  Duration patience();

  /**
   * Something may be due: called about ten times within {@link #patience}, once a second at least.
   */
  void tick(long nanosSinceWrite);

  /** How streams to the peer at the other end are had. Any thread. */
  DataSource source();

  /**
   * What is known of names that the other side tells. On the link's loop.
   *
   * @param link the owner of it all
   */
  default List<Advertisement<StreamOwner>> advertisements(Set<HostName> names, StreamOwner link) {
    return names.stream().map(name -> Advertisement.direct(name, link)).toList();
  }

  /**
   * Whether what is advertised now differs because the other side has taken back, or told anew,
   * names of its own: that may go on without end, while names that are added have a bound, and
   * those that it passes on change as often as their owners do.
   */
  default boolean hasTakenBack() {
    return true;
  }

  /** Says more of the end of a link that never came up, where there is more to say. */
  String explain(LinkEnd end, String why);

  /** The link is closed. */
  void closed();

  // what is known of the other side. Any thread

  /** {@code v1} or {@code v2}. */
  default String version() {
    return "v1";
  }

  /** Its verified id; empty where there is none. */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /** Which of its processes it is; empty where that is not known. */
  default Optional<String> instance() {
    return Optional.empty();
  }

  /** Whether the other side is this very process. */
  default boolean isThisPeer() {
    return false;
  }

  /** How long a message and its answer took lately. */
  default Optional<Duration> roundTrip() {
    return Optional.empty();
  }

  /** When its certificate ends. */
  default Optional<Instant> certificateExpires() {
    return Optional.empty();
  }

  /** Names of this peer that it does not take. */
  default List<RefusedName> refusedNames() {
    return List.of();
  }
}
