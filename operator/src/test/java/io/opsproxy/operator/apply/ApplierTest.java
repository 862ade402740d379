package io.opsproxy.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.cluster.Triggers;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the answers that an API server gives to an apply. */
@EnableKubernetesMockClient
final class ApplierTest {
  private static final String PATH = "/api/v1/namespaces/mesh/configmaps/";
  private static final String QUERY = "?fieldManager=ops-proxy-operator&force=true";

  // Set by the extension.
  private KubernetesMockServer server;
  private KubernetesClient client;

  private final ProxyPeer peer = new ProxyPeer();
  private Applier applier;

  @BeforeEach
  void makeApplier() {
    peer.getMetadata().setNamespace("mesh");
    peer.getMetadata().setName("edge");
    peer.getMetadata().setUid("uid-of-edge");
    // The client's own attempts would only take time.
    Config config =
        new ConfigBuilder(client.getConfiguration()).withRequestRetryBackoffLimit(0).build();
    client = new KubernetesClientBuilder().withConfig(config).build();
    applier = new Applier(client, new ClusterCache(client, List.of("mesh"), new NoTriggers()));
  }

  private static HasMetadata child(String name) {
    return new ConfigMapBuilder()
        .withNewMetadata()
        .withNamespace("mesh")
        .withName(name)
        .endMetadata()
        .build();
  }

  private void answer(String name, int code, String message) {
    Object body =
        code < 300 ? child(name) : new StatusBuilder().withCode(code).withMessage(message).build();
    server.expect().patch().withPath(PATH + name + QUERY).andReturn(code, body).once();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 403, 422})
  void aRefusalIsSaidWithTheServersReasonAndTheOtherChildrenAreMade(int code) {
    answer("one", code, "exceeded quota: small");
    answer("two", 201, "");

    Applier.Result result = applier.apply(peer, List.of(child("one"), child("two")));

    assertThat(result.refused()).containsExactly("ConfigMap mesh/one: exceeded quota: small");
    assertThat(result.finding().orElseThrow().reason()).isEqualTo(Reason.CHILD_REFUSED);
    assertThat(requests()).contains("PATCH " + PATH + "two" + QUERY);
  }

  @ParameterizedTest
  @ValueSource(ints = {409, 429, 500, 503})
  void whatMayPassIsThrownAndTheNextAttemptSucceeds(int code) {
    answer("one", code, "try again");
    answer("one", 200, "");
    List<HasMetadata> children = List.of(child("one"));

    assertThatThrownBy(() -> applier.apply(peer, children))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(code));
    assertThat(applier.apply(peer, children).finding()).isEmpty();
  }

  @Test
  void anObjectOfSomebodyElseIsNotTouched() {
    ConfigMap foreign = (ConfigMap) child("one");
    server.expect().get().withPath(PATH + "one").andReturn(200, foreign).once();

    assertThat(applier.apply(peer, List.of(child("one"))).foreign())
        .containsExactly("ConfigMap mesh/one");
    assertThat(requests()).noneMatch(request -> request.startsWith("PATCH"));
  }

  /** Methods and paths of all requests until now. */
  private List<String> requests() {
    List<String> requests = new ArrayList<>();
    try {
      while (server.getRequestCount() > requests.size()) {
        var request = server.takeRequest();
        requests.add(request.getMethod() + " " + request.getPath());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return requests;
  }

  /** Nothing is watched here. */
  private static final class NoTriggers implements Triggers {
    @Override
    public void peer(ObjectKey peer) {}

    @Override
    public void service(ObjectKey service) {}

    @Override
    public void changed(ProxyPeer peer) {}

    @Override
    public void changed(ExposedService service) {}

    @Override
    public void peerGone(ObjectKey peer) {}

    @Override
    public void serviceGone(ObjectKey service) {}
  }
}
