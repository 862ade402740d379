package io.opsproxy.operator.app;

import java.net.InetSocketAddress;
import java.util.List;

/**
 * How the operator runs.
 *
 * @param namespaces that are watched; none for all
 * @param admin where health, readiness and metrics are served
 * @param leaderElection whether only one of several operators works at a time
 * @param identity of this one among them
 * @param leaseNamespace where the lease is
 * @param leaseName of those that share their work
 * @param peerImage image of peers whose template names none
 */
public record OperatorSettings(
    List<String> namespaces,
    InetSocketAddress admin,
    boolean leaderElection,
    String identity,
    String leaseNamespace,
    String leaseName,
    String peerImage) {
  public OperatorSettings {
    namespaces = List.copyOf(namespaces);
  }
}
