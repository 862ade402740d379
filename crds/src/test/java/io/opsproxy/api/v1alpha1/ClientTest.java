package io.opsproxy.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The types as a typed client sends and reads them. */
@EnableKubernetesMockClient(crud = true)
class ClientTest {
  // Set by the extension.
  private KubernetesClient client;

  @Test
  void aPeerComesBackAsItWasMade() {
    ProxyPeer peer = peer("core");
    client.resource(peer).create();

    List<ProxyPeer> found = client.resources(ProxyPeer.class).inNamespace("mesh").list().getItems();

    assertThat(found).singleElement().extracting(ProxyPeer::getSpec).isEqualTo(peer.getSpec());
    assertThat(found.get(0).getStatus()).isNull();
  }

  @Test
  void theStatusIsEditedByItself() {
    client.resource(peer("edge")).create();
    ProxyPeerStatus status =
        new ProxyPeerStatus(
            1L,
            List.of(new ConditionBuilder().withType("Ready").withStatus("True").build()),
            "abc",
            "app=peer",
            new ReplicaStatus(2, 2, 1, 0),
            List.of(new PeerAddress(AddressType.HOSTNAME, "edge.mesh.svc:6443")),
            List.of(new RemotePeerStatus("core:6443", LinkState.PARTIAL, null, "refused")),
            new MeshStatus("spiffe://mesh/core", "2030-01-01T00:00:00Z", "PEM"),
            new AttachedServices(3, 1));

    client
        .resources(ProxyPeer.class)
        .inNamespace("mesh")
        .withName("edge")
        .editStatus(
            found -> {
              found.setStatus(status);
              return found;
            });

    ProxyPeer found = client.resources(ProxyPeer.class).inNamespace("mesh").withName("edge").get();
    assertThat(found.getStatus()).isEqualTo(status);
    assertThat(found.getSpec()).isEqualTo(peer("edge").getSpec());
  }

  @Test
  void aServiceComesBackAsItWasMade() {
    ExposedService service = new ExposedService();
    service.setMetadata(new ObjectMetaBuilder().withName("api").withNamespace("mesh").build());
    Backend backend = new Backend(null, List.of(new BackendAddress("10.0.0.1:443", null, null)));
    service.setSpec(
        new ExposedServiceSpec(
            new PeerReference("core", null),
            List.of("api.example.com"),
            backend,
            null,
            null,
            List.of(),
            null,
            null,
            ProxyProtocol.V2));
    client.resource(service).create();

    ExposedService found =
        client.resources(ExposedService.class).inNamespace("mesh").withName("api").get();
    assertThat(found.getSpec()).isEqualTo(service.getSpec());
  }

  private static ProxyPeer peer(String name) {
    ProxyPeer peer = new ProxyPeer();
    peer.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace("mesh").build());
    peer.setSpec(
        new ProxyPeerSpec(
            3,
            new Listen(443, null, null),
            null,
            List.of(new RemotePeer("peer.example.com:6443", null)),
            new AllowedNamespaces(NamespacePolicy.ALL, null),
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null));
    return peer;
  }
}
