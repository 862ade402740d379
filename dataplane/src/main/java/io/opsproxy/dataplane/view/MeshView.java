package io.opsproxy.dataplane.view;

import io.opsproxy.dataplane.admin.StatusPage.Listening;
import io.opsproxy.dataplane.admin.StatusPage.Note;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.Owners;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.route.RouteTable;
import io.opsproxy.dataplane.why.Facts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a person is shown of a mesh, whatever the page looks like.
 *
 * @param peer this one
 * @param problems what to look at
 * @param links to other peers
 * @param names the first of them, in their order
 * @param moreNames how many are not among those
 */
record MeshView(
    String peer, List<Note> problems, List<PeerStatus> links, List<Name> names, int moreNames) {
  /** More make a page that nobody reads; search and {@code /status} have them all. */
  static final int MOST_NAMES = 2_000;

  /**
   * A name.
   *
   * @param health of its endpoints, or of the way to its owners
   * @param well whether a connection could be made
   * @param connections of clients that are open now
   */
  record Name(String name, String owner, String health, boolean well, int connections) {}

  static MeshView of(Facts facts) {
    List<Note> problems = new ArrayList<>();
    for (Listening one : facts.listening()) {
      one.problem()
          .ifPresent(
              problem ->
                  problems.add(
                      new Note("listener " + one.listener(), problem.message(), problem.remedy())));
    }
    problems.addAll(facts.problems());
    RouteTable<Upstream> routes = facts.routes();
    List<HostName> all =
        routes.names().stream().sorted(Comparator.comparing(HostName::value)).toList();
    List<Name> names = new ArrayList<>();
    all.stream()
        .limit(MOST_NAMES)
        .forEach(name -> routes.get(name).ifPresent(target -> names.add(name(name, target))));
    return new MeshView(
        facts.configuration().peer().name(),
        problems,
        facts.peers(),
        names,
        Math.max(0, all.size() - MOST_NAMES));
  }

  private static Name name(HostName name, Upstream target) {
    int connections = target.metrics().active();
    if (target instanceof Cluster.LocalUpstream local) {
      List<Endpoint> endpoints = local.cluster().endpoints();
      String health =
          endpoints.stream()
              .map(one -> one.address() + (one.isHealthy() ? "" : " unhealthy"))
              .collect(Collectors.joining(", "));
      boolean well = endpoints.stream().anyMatch(Endpoint::isHealthy);
      return new Name(name.value(), "this peer", health, well, connections);
    }
    boolean connected = Owners.isConnected(target);
    return new Name(
        name.value(),
        String.join(", ", Owners.names(target)),
        connected ? "linked" : "no link can be used",
        connected,
        connections);
  }
}
