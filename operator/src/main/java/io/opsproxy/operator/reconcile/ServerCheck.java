package io.opsproxy.operator.reconcile;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.api.v1alpha1.Api;
import java.util.List;

/** Whether there is an API server, and whether it knows our kinds. */
final class ServerCheck {
  private final KubernetesClient client;

  ServerCheck(KubernetesClient client) {
    this.client = client;
  }

  /** What is wrong, naming the address or the definition; empty when all is well. */
  String problem() {
    try {
      APIResourceList known = client.getApiResources(Api.GROUP + "/" + Api.VERSION);
      for (String plural : List.of("proxypeers", "exposedservices")) {
        boolean there =
            known != null
                && known.getResources().stream().map(APIResource::getName).anyMatch(plural::equals);
        if (!there) {
          return "the API server "
              + client.getMasterUrl()
              + " does not know the CustomResourceDefinition "
              + plural
              + "."
              + Api.GROUP
              + "; apply it (kubectl apply -k deploy/)";
        }
      }
      return "";
    } catch (KubernetesClientException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      return "the API server "
          + client.getMasterUrl()
          + " does not answer: "
          + (cause.getMessage() == null ? cause.toString() : cause.getMessage());
    }
  }
}
