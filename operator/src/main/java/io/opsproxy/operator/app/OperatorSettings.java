package io.opsproxy.operator.app;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;

/**
 * How the operator runs.
 *
 * @param namespaces that are watched; none for all
 * @param admin where health, readiness and metrics are served
 * @param leaderElection whether only one of several operators works at a time
 * @param identity of this one among them
 * @param leaseNamespace where the lease is, and the authority of the peers
 * @param leaseName of those that share their work
 * @param meshDomain of the ids of peers that the operator issues for; empty for that of the
 *     authority, which is made of the identity of the cluster
 * @param peerImage image of peers whose template names none
 */
public record OperatorSettings(
    List<String> namespaces,
    InetSocketAddress admin,
    boolean leaderElection,
    String identity,
    String leaseNamespace,
    String leaseName,
    Optional<String> meshDomain,
    String peerImage) {
  public OperatorSettings {
    namespaces = List.copyOf(namespaces);
  }
}
