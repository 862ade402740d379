package io.opsproxy.operator.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.cluster.Triggers;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
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
  private long nanos;
  private final List<String> failed = new ArrayList<>();

  @BeforeEach
  void makeApplier() {
    peer.getMetadata().setNamespace("mesh");
    peer.getMetadata().setName("edge");
    peer.getMetadata().setUid("uid-of-edge");
    // The client's own attempts would only take time.
    Config config =
        new ConfigBuilder(client.getConfiguration()).withRequestRetryBackoffLimit(0).build();
    client = new KubernetesClientBuilder().withConfig(config).build();
    applier =
        new Applier(
            client,
            new ClusterCache(client, List.of("mesh"), new NoTriggers()),
            (what, cause) -> failed.add(what + " " + cause),
            () -> nanos);
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

    Applied result = applier.apply(peer, List.of(child("one"), child("two")));

    Finding finding = result.finding().orElseThrow();
    assertThat(finding.reason()).isEqualTo(Reason.CHILD_REFUSED);
    assertThat(finding.message())
        .isEqualTo("the API server refuses ConfigMap mesh/one: exceeded quota: small");
    assertThat(requests()).contains("PATCH " + PATH + "two" + QUERY);
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 409, 429, 500, 503})
  void whatMayPassIsThatChildsAndTriedAgainAfterAPause(int code) {
    answer("one", code, "try again");
    answer("two", 201, "");
    answer("one", 200, "");
    List<HasMetadata> children = List.of(child("one"), child("two"));

    Applied first = applier.apply(peer, children);
    assertThat(first.finding().orElseThrow().reason()).isEqualTo(Reason.APPLY_FAILED);
    assertThat(first.finding().orElseThrow().message()).contains("ConfigMap mesh/one: try again");
    assertThat(first.again().orElseThrow()).isLessThanOrEqualTo(Duration.ofMillis(1_001));
    assertThat(requests()).contains("PATCH " + PATH + "two" + QUERY);

    assertThat(failed).containsExactly("ConfigMap " + code);
    // Whatever else makes us look meanwhile: the server is left alone, and the fault stays said.
    assertThat(applier.apply(peer, children).finding()).isEqualTo(first.finding());
    nanos += Duration.ofSeconds(1).toNanos();
    assertThat(applier.apply(peer, children).finding()).isEmpty();
  }

  @Test
  void anObjectThatCannotBeLookedAtIsThatChildsToo() {
    server
        .expect()
        .get()
        .withPath(PATH + "one")
        .andReturn(500, new StatusBuilder().withCode(500).withMessage("etcd is down").build())
        .once();
    answer("two", 201, "");

    Applied result = applier.apply(peer, List.of(child("one"), child("two")));

    assertThat(result.finding().orElseThrow().message()).contains("etcd is down");
    assertThat(requests()).contains("PATCH " + PATH + "two" + QUERY);
  }

  @Test
  void anObjectOfSomebodyElseIsNotTouchedAndLookedAtAgain() {
    ConfigMap foreign = (ConfigMap) child("one");
    // An owner reference alone makes it nobody's.
    foreign
        .getMetadata()
        .setOwnerReferences(
            List.of(new OwnerReferenceBuilder().withUid("uid-of-edge").withName("edge").build()));
    server.expect().get().withPath(PATH + "one").andReturn(200, foreign).once();
    answer("one", 201, "");

    Applied result = applier.apply(peer, List.of(child("one")));
    assertThat(result.finding().orElseThrow().reason()).isEqualTo(Reason.NOT_OWNED);
    assertThat(result.again().orElseThrow()).isLessThan(Duration.ofMinutes(1));
    assertThat(requests()).noneMatch(request -> request.startsWith("PATCH"));

    nanos += result.again().get().toNanos();
    assertThat(applier.apply(peer, List.of(child("one"))).finding()).isEmpty();
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
    public void peerGone(ObjectKey peer, String uid) {}

    @Override
    public void serviceGone(ObjectKey service) {}
  }
}
