package io.opsproxy.operator.app;

import io.fabric8.kubernetes.api.model.APIResource;
import io.fabric8.kubernetes.api.model.APIResourceList;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.api.v1alpha1.Api;
import java.net.ConnectException;
import java.util.List;

/**
 * Whether there is an API server, and whether it knows our kinds. Has a client of its own, which
 * does not try again: it would be silent for 20 s about a server that is not there.
 */
final class ServerCheck implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 5_000;

  private final KubernetesClient client;

  /**
   * @param config how the server is reached
   */
  ServerCheck(Config config) {
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(config)
                    .withRequestRetryBackoffLimit(0)
                    .withRequestTimeout(TIMEOUT_MILLIS)
                    .withConnectionTimeout(TIMEOUT_MILLIS)
                    .build())
            .build();
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
      return "the API server " + client.getMasterUrl() + " does not answer: " + cause(e);
    }
  }

  /** The innermost that says anything; a refused connection has no words of its own. */
  private static String cause(Throwable problem) {
    String text = problem.toString();
    for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
      if (cause instanceof ConnectException && cause.getMessage() == null) {
        return "connection refused, or no way there";
      }
      text = cause.getMessage() == null ? text : cause.getMessage();
    }
    return text;
  }

  @Override
  public void close() {
    client.close();
  }
}
