package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.Route;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.trust.Claim;
import io.opsproxy.dataplane.trust.Credentials;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The names that the other side of a link tells, its own and those that it passes on: each is
 * judged by this peer's own trust, taken or refused by itself, and answered. On the link's loop.
 */
final class HeardNames {
  private static final Logger log = LoggerFactory.getLogger(HeardNames.class);

  /** Names that one peer may tell, those of others included, whatever becomes of them. */
  private static final int MOST = 20_000;

  /** Between two changes; in nanoseconds. */
  private static final long INTERVAL = TimeUnit.MILLISECONDS.toNanos(50);

  /** Lines in the log about names of one link; the metric counts them all. */
  private static final int MOST_COMPLAINTS = 20;

  /** Hears what comes of it. */
  interface Listener {
    /** The other side leads to names: streams will be opened. */
    void leadsSomewhere();

    /** A peer whose names it passes on may do nothing here any more. */
    void cut(String owner);
  }

  private final V2 v2;
  private final Link link;
  private final LinkRules rules;
  private final Consumer<Message> send;
  private final Listener listener;

  /** Its own names, with the sequence number of their telling, and what was last answered. */
  private final Map<HostName, Long> own = new LinkedHashMap<>();

  private final Map<HostName, String> answers = new LinkedHashMap<>();
  private final LearnedRoutes routes;
  private boolean waiting;
  private boolean changed;

  /** Something else is known of names that may be the same. */
  private boolean otherwise;

  /** Own names were, since the last change and with the last one. */
  private boolean takenBack;

  private boolean hasTakenBack;
  private long notBefore = System.nanoTime();
  private boolean due;
  private List<Advertisement<StreamOwner>> next = List.of();
  private int weight = 1;
  private int complaints;

  HeardNames(V2 v2, Link link, LinkRules rules, Consumer<Message> send, Listener listener) {
    this.v2 = v2;
    this.link = link;
    this.rules = rules;
    this.send = send;
    this.listener = listener;
    routes = new LearnedRoutes(rules, v2.freshness());
  }

  /** The share of the other side among the owners of its names. */
  void weight(int share) {
    weight = share;
  }

  // what is told

  void onAdd(Message.Add add) {
    if (isFull() && !own.containsKey(add.name())) {
      answer(add.seq(), new RouteKey(add.name(), ""), Answer.LIMIT);
      return;
    }
    takenBack |= own.put(add.name(), add.seq()) != null;
    answers.remove(add.name());
    changed = true;
  }

  private boolean isFull() {
    return own.size() + routes.size() >= MOST;
  }

  void onRemove(Message.Remove remove) {
    if (remove.owner().isEmpty()) {
      takenBack |= own.remove(remove.name()) != null;
      otherwise |= routes.onRemove(remove.name());
      answers.remove(remove.name());
      changed = true;
    } else {
      otherwise |= routes.onRemove(new RouteKey(remove.name(), remove.owner()));
    }
  }

  void onOrigin(Message.Origin origin) {
    otherwise |= routes.onOrigin(origin);
  }

  void onRoute(Message.Route route) {
    RouteKey key = new RouteKey(route.name(), route.owner());
    if (isFull() && !routes.knows(key)) {
      answer(route.seq(), key, Answer.LIMIT);
    } else {
      routes.onRoute(route);
    }
  }

  /** Trust, or what is served here, may have changed: all is judged anew. */
  void recheck() {
    changed = true;
    routes.recheck();
  }

  /** Forgets names of others whose owners have not signed them anew. */
  void expire(Instant now) {
    otherwise |= routes.expire(now);
  }

  // judging

  /** Whether nothing more is to be read before something else has happened. */
  boolean isWaiting() {
    return waiting;
  }

  /**
   * Takes what was told, at once when it has been quiet, else with all that comes within {@link
   * #INTERVAL}; {@link Link#goOn} follows when it waited.
   */
  void publish() {
    if (waiting || due || link.state() != Link.State.UP) {
      return;
    }
    if (!changed && !otherwise && !routes.isWaiting()) {
      return;
    }
    long now = System.nanoTime();
    if (now - notBefore < 0) {
      due = true;
      link.after(notBefore - now, this::onTime);
      return;
    }
    notBefore = now + INTERVAL;
    if (routes.isWaiting()) {
      judge(routes.toJudge());
    } else {
      advertise();
    }
  }

  private void onTime() {
    due = false;
    link.goOn();
  }

  private void judge(List<LearnedRoutes.Told> unjudged) {
    waiting = true;
    Map<LearnedRoutes.Told, Claim> known = routes.known();
    v2.compute(
        link,
        () ->
            routes.judge(unjudged, known, v2.credentials().map(Credentials::trust), Instant.now()),
        this::judged);
  }

  private void judged(List<LearnedRoutes.Judged> judged) {
    for (LearnedRoutes.Judged one : judged) {
      otherwise |= routes.apply(one);
      if (!one.answer().isTaken() || routes.isProof(one.told())) {
        answer(one.told(), one.answer());
      }
      if (one.cut()) {
        listener.cut(one.told().key().owner());
      }
    }
    advertise();
  }

  private Answer judge(HostName name) {
    if (rules.isReplica()) {
      return Answer.TAKEN;
    }
    if (!rules.mayOwn(name)) {
      return Answer.mayNotOwn(rules.otherId());
    }
    return rules.isServedHere(name) ? Answer.SERVED_HERE : Answer.TAKEN;
  }

  // taking

  private void advertise() {
    boolean inOtherWays = otherwise;
    hasTakenBack = takenBack;
    changed = false;
    otherwise = false;
    takenBack = false;
    waiting = true;
    Map<HostName, Answer> judged = new LinkedHashMap<>();
    List<HostName> fresh = new ArrayList<>();
    Map<HostName, Offer.Item> items = new LinkedHashMap<>();
    List<Advertisement<StreamOwner>> ways = new ArrayList<>();
    HostPort address = link.introduction().orElseThrow().address();
    for (HostName name : own.keySet()) {
      Answer answer = judge(name);
      judged.put(name, answer);
      if (answer.isTaken()) {
        if (!link.names().backends().containsKey(name)) {
          fresh.add(name);
        }
        items.put(name, new Offer.Item(name, address));
        ways.add(direct(name));
      }
    }
    List<LearnedRoutes.Taken> passed = List.copyOf(routes.taken());
    for (LearnedRoutes.Taken one : passed) {
      HostName name = one.told().key().name();
      if (!isHidden(name)) {
        items.putIfAbsent(name, new Offer.Item(name, address));
        ways.add(passed(one));
      }
    }
    next = ways;
    link.names().list(List.copyOf(items.values()));
    link.names()
        .publish(
            inOtherWays,
            () -> {
              waiting = false;
              if (link.state() != Link.State.CLOSED) {
                fresh.forEach(this::countRegistration);
                judged.forEach(this::answerOwn);
                passed.forEach(this::answerPassed);
                if (!link.names().backends().isEmpty()) {
                  listener.leadsSomewhere();
                }
              }
              link.goOn();
            });
  }

  /** Its meters are there by now: to make them is nothing for an event loop. */
  private void countRegistration(HostName name) {
    if (link.names().backends().containsKey(name)) {
      v2.self().metrics().name(name.value()).count(Metric.CLIENT_REGISTRATIONS);
    }
  }

  /** What this peer serves itself comes first; among replicas that is no conflict. */
  private boolean isHidden(HostName name) {
    return !rules.isReplica() && rules.isServedHere(name);
  }

  private Advertisement<StreamOwner> direct(HostName name) {
    Route route = new Route(false, List.of(), rules.isReplica(), routes.proof(name));
    return new Advertisement<>(name, link, weight, Optional.of(rules.otherId()), route);
  }

  private Advertisement<StreamOwner> passed(LearnedRoutes.Taken one) {
    Message.Route told = one.told().route();
    return new Advertisement<>(
        told.name(),
        link,
        told.weight(),
        Optional.of(told.owner()).filter(owner -> !owner.equals(Passage.NOBODY)),
        new Route(true, told.path(), rules.isReplica(), one.claim()));
  }

  /** What is known of these names. */
  List<Advertisement<StreamOwner>> advertisements(Set<HostName> names) {
    return next.stream().filter(one -> names.contains(one.name())).toList();
  }

  /** Whether the last change took back, or told anew, names of the other side's own. */
  boolean hasTakenBack() {
    return hasTakenBack;
  }

  // answering

  private void answerOwn(HostName name, Answer judged) {
    Long seq = own.get(name);
    Answer answer = withinBudget(name, judged);
    if (seq != null && !answer.reason().equals(answers.put(name, answer.reason()))) {
      answer(seq, new RouteKey(name, ""), answer);
    }
  }

  private void answerPassed(LearnedRoutes.Taken one) {
    HostName name = one.told().key().name();
    answer(one.told(), isHidden(name) ? Answer.SERVED_HERE : withinBudget(name, Answer.TAKEN));
  }

  private Answer withinBudget(HostName name, Answer judged) {
    return judged.isTaken() && !link.names().backends().containsKey(name) ? Answer.LIMIT : judged;
  }

  private void answer(LearnedRoutes.Told told, Answer answer) {
    if (routes.answered(told, answer.reason())) {
      answer(told.route().seq(), told.key(), answer);
    }
  }

  private void answer(long seq, RouteKey key, Answer answer) {
    send.accept(new Message.Ack(seq, key.name(), answer.reason(), answer.message(), key.owner()));
    if (!answer.isTaken()) {
      complain(key.name(), answer);
    }
  }

  private void complain(HostName name, Answer answer) {
    v2.self().metrics().count(Metric.MESH_REFUSALS, answer.reason());
    if (++complaints <= MOST_COMPLAINTS) {
      log.warn(
          "name {} of peer {} refused: {}: {}{}",
          name,
          link.describe(),
          answer.reason(),
          answer.message(),
          complaints == MOST_COMPLAINTS ? "; no more such lines for this link" : "");
    }
  }
}
