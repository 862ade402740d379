package io.opsproxy.operator.live;

import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.operator.testing.KubeServer;

/** The rights that {@code deploy/} gives the operator, and no others. */
final class DeployedRole {
  static final String ACCOUNT = "ops-proxy-operator";

  private DeployedRole() {}

  /** Gives them to an account of a namespace. */
  static void install(KubeServer server, String namespace) {
    server.kubectl("apply", "-f", "../deploy/operator/namespace.yaml");
    server.kubectl("apply", "-f", "../deploy/operator/role.yaml");
    server.kubectl("apply", "-f", "../deploy/operator/lease-role.yaml", "-n", "ops-proxy-system");
    KubernetesClient client = server.client();
    client
        .resource(
            new ServiceAccountBuilder()
                .withNewMetadata()
                .withName(ACCOUNT)
                .withNamespace(namespace)
                .endMetadata()
                .build())
        .forceConflicts()
        .serverSideApply();
    client
        .resource(
            new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName("operator-of-" + namespace)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", ACCOUNT)
                .addNewSubject()
                .withKind("ServiceAccount")
                .withName(ACCOUNT)
                .withNamespace(namespace)
                .endSubject()
                .build())
        .forceConflicts()
        .serverSideApply();
  }

  /** A client with these rights. The caller closes it. */
  static KubernetesClient client(KubeServer server, String namespace) {
    install(server, namespace);
    return server.clientAs(namespace, ACCOUNT);
  }
}
