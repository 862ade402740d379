package io.opsproxy.operator.live;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.opsproxy.operator.testing.KubeServer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What a client asks of a server but for reading. An apply that changes nothing leaves the version
 * of its object as it is, and costs the server as much as any other. Thread-safe.
 */
final class Writes implements Interceptor {
  private final Collection<String> requests = new ConcurrentLinkedQueue<>();

  /** A client with all rights whose requests are seen here. The caller closes it. */
  KubernetesClient client(KubeServer server) {
    return new KubernetesClientBuilder()
        .withConfig(server.config())
        .withHttpClientBuilderConsumer(http -> http.addOrReplaceInterceptor("writes", this))
        .build();
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    if (!request.method().equals("GET")) {
      requests.add(request.method() + " " + request.uri().getPath());
    }
  }

  /** Methods and paths until now. */
  List<String> all() {
    return new ArrayList<>(requests);
  }
}
