package io.opsproxy.dataplane.why;

import io.opsproxy.dataplane.admin.StatusPage.ConfigState;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.Owners;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.route.NameTable.Match;
import io.opsproxy.dataplane.route.RouteTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The steps from a name to its backend, in the order in which a client depends on them, so that the
 * first that failed is the root cause. For a name that nobody tells, a configuration that was
 * refused and links that are down come before the missing name: they may be why it is missing.
 */
final class Diagnosis {
  private final Facts facts;
  private final HostName name;
  private final RouteTable<Upstream> routes;
  private final Optional<Match<Upstream>> match;
  private final List<Step> steps = new ArrayList<>();

  Diagnosis(Facts facts, HostName name) {
    this.facts = facts;
    this.name = name;
    routes = facts.routes();
    match =
        name.isWildcard()
            ? routes.get(name).map(target -> new Match<>(name, target))
            : routes.find(name);
  }

  /** What the name leads to; empty when nothing routes it. */
  Optional<Match<Upstream>> match() {
    return match;
  }

  /**
   * All steps.
   *
   * @param probe of what the name leads to, where there is one
   */
  List<Step> steps(Optional<Probe> probe) {
    steps.add(Step.ok("name", name.value(), "a name that connections can be routed by"));
    peer();
    config();
    new ListenerSteps(facts.configuration(), facts.listening(), match.map(Match::rule))
        .addTo(steps);
    if (match.isEmpty()) {
      links();
      unknown();
      steps.add(Step.skipped("probe", name.value(), "nothing to connect to"));
      return steps;
    }
    route(match.get());
    probe(match.get(), probe);
    return steps;
  }

  private void peer() {
    if (facts.draining()) {
      steps.add(
          Step.fail(
              "peer",
              facts.configuration().peer().name(),
              "it is draining: new connections are not taken",
              "wait for its successor, or start it again"));
    }
  }

  private void config() {
    ConfigState config = facts.config();
    String subject = config.source().isEmpty() ? "environment" : config.source();
    if (config.errors().isEmpty()) {
      steps.add(Step.ok("config", subject, "the file on disk is in force"));
      return;
    }
    Problem first = config.errors().get(0);
    String message =
        "the file on disk is refused, the one before is in force: "
            + Attention.at(first)
            + first.message();
    steps.add(
        match.isEmpty()
            ? Step.fail("config", subject, message, first.remedy())
            : Step.warn("config", subject, message, first.remedy()));
  }

  private void links() {
    for (PeerStatus peer : facts.peers()) {
      String subject = LinkAdvice.subject(peer);
      String message = LinkAdvice.message(peer);
      if (LinkAdvice.isDown(peer)) {
        steps.add(Step.fail("link", subject, message, LinkAdvice.remedy(peer)));
      } else if (peer.isThisPeer()) {
        steps.add(Step.ok("link", subject, "this very peer answers there"));
      } else {
        steps.add(
            Step.ok(
                "link",
                subject,
                "connected, " + peer.name() + " tells " + peer.names().size() + " names"));
      }
    }
  }

  private void unknown() {
    String nearest =
        NearestName.of(name, routes.names())
            .map(near -> "; did you mean " + near.value() + "?")
            .orElse("");
    steps.add(
        Step.fail(
            "route",
            name.value(),
            "neither this configuration nor a linked peer has this name" + nearest,
            "correct the name, add it to the configuration of the peer that should serve it"
                + " (SERVICE_ADDR or services:), or link that peer to this one; names are told"
                + " by the peer that serves them, and not handed on by others"));
  }

  private void route(Match<Upstream> found) {
    HostName rule = found.rule();
    boolean local = found.target() instanceof Cluster.LocalUpstream;
    String how = rule.equals(name) ? "" : " (the longest wildcard that fits)";
    steps.add(
        Step.ok(
            "route",
            rule.value(),
            (local ? "of this configuration" : "told by a linked peer") + how));
    if (local) {
      routes.remote().find(name).ifPresent(this::loser);
    } else {
      owners(found);
    }
  }

  private void loser(Match<Upstream> other) {
    steps.add(
        Step.warn(
            "owner",
            other.rule().value(),
            "is told by "
                + String.join(" and ", Owners.names(other.target()))
                + " as well, which gets no connection from here: the configuration of this peer wins",
            "take the name out of the configuration of one of the two, if both should not have it"));
  }

  private void owners(Match<Upstream> found) {
    List<PeerStatus> linked =
        facts.peers().stream().filter(peer -> peer.names().contains(found.rule().value())).toList();
    for (PeerStatus peer : linked) {
      steps.add(
          Step.ok(
              "owner",
              peer.name(),
              "serves it; linked " + peer.direction() + " at " + peer.address()));
    }
    if (!Owners.isConnected(found.target())) {
      steps.add(
          Step.fail(
              "link",
              found.rule().value(),
              "no link to a peer that serves it can be used",
              "see the links: ./ops-proxy status"));
    }
  }

  private void probe(Match<Upstream> found, Optional<Probe> probe) {
    boolean failed = probe.map(one -> one.failure().isPresent()).orElse(false);
    if (found.target() instanceof Cluster.LocalUpstream local) {
      endpoints(local.cluster(), failed);
    }
    if (probe.isEmpty()) {
      steps.add(
          Step.skipped(
              "probe", found.rule().value(), "too many names wait to be tried; ask again later"));
      return;
    }
    Probe made = probe.get();
    long age = made.age().toSeconds();
    String when = age == 0 ? "" : " (" + age + " s ago)";
    steps.add(
        failed
            ? Step.fail("probe", found.rule().value(), made.message() + when, made.remedy())
            : Step.ok(
                "probe",
                found.rule().value(),
                "connected to " + made.message() + " in " + made.took().toMillis() + " ms" + when));
  }

  private void endpoints(Cluster cluster, boolean failed) {
    for (Endpoint endpoint : cluster.endpoints()) {
      String subject = endpoint.address().toString();
      if (endpoint.isHealthy()) {
        steps.add(
            Step.ok("endpoint", subject, endpoint.isPending() ? "not checked yet" : "healthy"));
      } else {
        String message = Attention.trouble(endpoint);
        String remedy =
            "see that it runs, listens at that address, and is reached from this machine";
        steps.add(
            failed
                ? Step.fail("endpoint", subject, message, remedy)
                : Step.warn("endpoint", subject, message, remedy));
      }
    }
  }
}
