package io.opsproxy.dataplane.mesh;

import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.relay.Stream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A link that another peer dialled. Every REGISTER is answered, since that is how a v1 peer knows
 * that the link lives; after the first, and whenever this side's names change, SYNC tells it what
 * is served here.
 */
final class AcceptedLink extends Link {
  /**
   * A Go dialler gives a link up after 30 s without a byte, and its heartbeats may be that far
   * apart.
   */
  private static final long KEEP_ALIVE = TimeUnit.SECONDS.toNanos(15);

  private Offer told;
  private Offer toldBefore;
  private boolean complained;

  AcceptedLink(Mesh mesh, Stream stream) {
    super(mesh, stream, PeerLineCodec.MAX_LINE, mesh.namesOfStrangers());
    told = mesh.offer().withdrawn();
    toldBefore = told;
  }

  @Override
  void line(PeerLine line) {
    if (line instanceof PeerLine.Register register) {
      onRegister(register);
    } else if (line instanceof PeerLine.Unreadable unreadable) {
      // as the Go peers answer it: whatever they do not know they take for a registration
      write(PeerLineCodec.refused("Invalid registration"));
      if (state() == State.OPENING) {
        close("its registration could not be read: " + unreadable.why());
      }
    }
    // any other line is one that this side has no use for
  }

  private void onRegister(PeerLine.Register register) {
    if (register.items().isEmpty() && register.skipped() > 0) {
      write(PeerLineCodec.refused("No valid registrations"));
      if (state() == State.OPENING) {
        close("none of the names it registered is one");
      }
      return;
    }
    boolean first = state() == State.OPENING;
    int taken = register(register);
    if (taken < register.items().size() && !complained) {
      complained = true;
      log.warn(
          "peer {} registers more names than this peer remembers; {} of {} in a line were taken",
          describe(),
          taken,
          register.items().size());
    }
    write(PeerLineCodec.ok(taken));
    if (first) {
      up();
      sync(mesh.offer());
      log.info("link in {} up, {} names", describe(), names().size());
    }
  }

  /** Tells the other side what is served here now. On the link's loop. */
  void sync(Offer offer) {
    toldBefore = told;
    told = offer;
    write(PeerLineCodec.sync(offer.sender(), offer.items()));
  }

  @Override
  void tick(long nanosSinceWrite) {
    if (state() == State.UP && nanosSinceWrite > KEEP_ALIVE) {
      write(PeerLineCodec.sync(told.sender(), told.items()));
    }
  }

  @Override
  Duration readTimeout() {
    return mesh.config().peer().registrationReadTimeout();
  }

  @Override
  void closed(String why) {}

  @Override
  String direction() {
    return "in";
  }

  @Override
  Optional<HostPort> dataAddress() {
    return peer().map(PeerLine.Sender::address);
  }

  @Override
  Offer told() {
    return told;
  }

  /**
   * The offer before the last counts as well: a forward may have crossed the SYNC that replaced it.
   */
  @Override
  Optional<HostName> rule(HostName name, HostPort backend) {
    Optional<HostName> rule = told.rule(name, backend);
    return rule.isPresent() ? rule : toldBefore.rule(name, backend);
  }
}
