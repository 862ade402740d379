package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.RefusedName;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Credentials;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names that this side of a link tells: its own as they change, with signatures where the other
 * side passes them on, and those of others as fast as the other side reads. On the link's loop,
 * except what says otherwise.
 */
final class SaidNames implements Passing.Listener {
  private static final Logger log = LoggerFactory.getLogger(SaidNames.class);
  private final V2 v2;
  private final Link link;
  private final LinkRules rules;
  private final Consumer<Message> send;
  private final PassedRoutes passed;
  private volatile Offer told;
  private volatile Set<HostName> own = Set.of();
  private volatile Map<HostName, Message.Ack> refused = Map.of();
  private long lastSeq;
  private boolean passing;
  private boolean asksForClaims;
  private boolean isAskedForClaims;
  private boolean signing;
  private boolean signAgain;
  private List<Claim> proved = List.of();

  /**
   * @param first is told when the link is up
   */
  SaidNames(V2 v2, Link link, LinkRules rules, Offer first, Consumer<Message> send) {
    this.v2 = v2;
    this.link = link;
    this.rules = rules;
    this.send = send;
    told = first;
    passed = new PassedRoutes(link, rules, () -> ++lastSeq, send);
  }

  // this peer's own

  /** What the other side was last told, or is to be told first. Any thread. */
  Offer told() {
    return told;
  }

  void tell(Offer next) {
    Set<HostName> now = new LinkedHashSet<>();
    next.items().forEach(item -> now.add(item.name()));
    Set<HostName> before = own;
    // before it is told, so that nobody asks in vain for what was
    own = Set.copyOf(now);
    for (HostName gone : before) {
      if (!now.contains(gone)) {
        send.accept(new Message.Remove(++lastSeq, gone, ""));
      }
    }
    for (HostName name : now) {
      if (!before.contains(name)) {
        send.accept(new Message.Add(++lastSeq, name));
      }
    }
    Map<HostName, Message.Ack> left = new LinkedHashMap<>(refused);
    left.keySet().retainAll(own);
    refused = Map.copyOf(left);
    told = next;
    prove();
  }

  void onAck(Message.Ack ack) {
    if (!ack.owner().isEmpty() || !own.contains(ack.name())) {
      // its owner hears of it from the peers that it is linked to
      return;
    }
    Map<HostName, Message.Ack> now = new LinkedHashMap<>(refused);
    if (ack.reason().isEmpty()) {
      now.remove(ack.name());
    } else {
      now.put(ack.name(), ack);
      log.warn(
          "peer {} refuses name {}: {}: {}",
          link.describe(),
          ack.name(),
          ack.reason(),
          ack.message());
    }
    refused = Map.copyOf(now);
  }

  /** Own names that the other side does not take. Any thread. */
  List<RefusedName> refused() {
    Map<String, RefusedName> sorted = new TreeMap<>();
    refused.forEach(
        (name, ack) ->
            sorted.put(name.value(), new RefusedName(name.value(), ack.reason(), ack.message())));
    return List.copyOf(sorted.values());
  }

  /** Whether this side has told the name, so that the other side may ask for it. Any thread. */
  boolean hasTold(HostName name) {
    return own.contains(name);
  }

  // signatures

  /** Asks for signatures of the other side's names, where this peer passes names on. */
  void askForClaims() {
    boolean asks = rules.isTransit() && !rules.isReplica();
    if (asks != asksForClaims) {
      asksForClaims = asks;
      send.accept(new Message.Carry(asks));
    }
  }

  void onCarry(Message.Carry carry) {
    isAskedForClaims = carry.on();
    proved = List.of();
    prove();
  }

  /** Shows the signatures of this side's names to who passes them on: those that are new. */
  void prove() {
    Optional<Credentials> identity = v2.credentials();
    if (!isAskedForClaims || identity.isEmpty()) {
      return;
    }
    if (signing) {
      signAgain = true;
      return;
    }
    signing = true;
    Set<HostName> names = own;
    int weight = v2.self().config().mesh().weight();
    v2.compute(
        link,
        () -> v2.ownClaims().of(identity.get().identity(), weight, names, Instant.now()),
        this::signed);
  }

  private void signed(List<Claim> claims) {
    signing = false;
    Set<Claim> before = Set.copyOf(proved);
    proved = claims;
    passed.prove(
        claims.stream()
            .filter(claim -> !before.contains(claim) && own.contains(claim.name()))
            .toList());
    if (signAgain) {
      signAgain = false;
      prove();
    }
  }

  // names of others

  /** Any thread. */
  @Override
  public void changed(Map<HostName, List<Advertisement<StreamOwner>>> names) {
    OnLoop.run(
        link.loop(),
        () -> {
          passed.changed(names);
          passOn();
        });
  }

  /** Passes on what waits, as much at a time as the other side reads. */
  void passOn() {
    if (passing || link.state() != Link.State.UP) {
      return;
    }
    if (!link.isWritable()) {
      passing = true;
      link.whenTaken(this::passOnMore);
    } else if (passed.tell()) {
      passing = true;
      OnLoop.run(link.loop(), this::passOnMore);
    }
  }

  private void passOnMore() {
    passing = false;
    passOn();
  }

  /** Whether this side has told that it leads there, so that the other may ask. Any thread. */
  boolean hasPassed(HostName name, String owner) {
    return passed.hasTold(name, owner);
  }
}
