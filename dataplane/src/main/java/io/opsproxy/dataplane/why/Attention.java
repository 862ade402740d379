package io.opsproxy.dataplane.why;

import io.opsproxy.dataplane.admin.StatusPage.ConfigState;
import io.opsproxy.dataplane.admin.StatusPage.Note;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.mesh.PeerStatus;
import java.util.ArrayList;
import java.util.List;

/** What a person should look at: the part of {@code problems[]} that this peer's own parts make. */
public final class Attention {
  private Attention() {}

  /**
   * A file that is refused, links that are down, endpoints that are not well; nothing in it changes
   * with the time alone.
   *
   * @param clusters of the configuration in force
   */
  public static List<Note> of(ConfigState config, List<PeerStatus> peers, List<Cluster> clusters) {
    List<Note> notes = new ArrayList<>();
    config.errors().forEach(error -> notes.add(of(config, error)));
    peers.stream()
        .filter(LinkAdvice::isDown)
        .filter(peer -> peer.error() != null)
        .map(
            peer ->
                new Note(
                    LinkAdvice.subject(peer), LinkAdvice.message(peer), LinkAdvice.remedy(peer)))
        .forEach(notes::add);
    for (Cluster cluster : clusters) {
      cluster.endpoints().stream()
          .filter(endpoint -> !endpoint.isHealthy())
          .map(endpoint -> of(cluster, endpoint))
          .forEach(notes::add);
    }
    return notes;
  }

  private static Note of(ConfigState config, Problem error) {
    return new Note(
        "configuration " + config.source(),
        "the file on disk is refused, the one before is in force: " + at(error) + error.message(),
        error.remedy());
  }

  /** Line and key, as far as they are known. */
  static String at(Problem error) {
    String line = error.line() > 0 ? "line " + error.line() + ", " : "";
    return error.path().isEmpty() ? line : line + error.path() + ": ";
  }

  private static Note of(Cluster cluster, Endpoint endpoint) {
    return new Note(
        "service " + cluster.name(),
        "endpoint " + endpoint.address() + ": " + trouble(endpoint),
        "./ops-proxy why " + cluster.name() + " tries it and says more");
  }

  /** What is known against an endpoint that is not well. */
  static String trouble(Endpoint endpoint) {
    if (endpoint.failedActiveCheck()) {
      return "its health check fails";
    }
    return endpoint.failedOutlierCheck()
        ? "it is ejected for a while, because connections to it failed"
        : "the last attempt to connect to it failed";
  }
}
