package io.opsproxy.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

/** Objects of a definition that is newer than this program. */
class TolerantReaderTest {
  private final KubernetesSerialization serialization = new KubernetesSerialization();

  private ExposedService service(String spec) {
    return serialization.unmarshal(
        """
        apiVersion: opsproxy.io/v1alpha1
        kind: ExposedService
        metadata: {name: web, namespace: mesh}
        spec: %s
        """
            .formatted(spec),
        ExposedService.class);
  }

  @Test
  void whatIsNotKnownIsNamedAndTheRestIsThere() {
    ExposedService service =
        service(
            "{peerRef: {name: edge}, hostnames: [a.example.com], loadBalancing: {policy: Maglev},"
                + " proxyProtocol: v3, listenerPort: many}");
    assertThat(service.getMetadata().getName()).isEqualTo("web");
    assertThat(service.getSpec().peerRef().name()).isEqualTo("edge");
    assertThat(service.getSpec().hostnames()).containsExactly("a.example.com");
    assertThat(service.faults())
        .hasSize(3)
        .contains(
            "spec.loadBalancing.policy: \"Maglev\" is not known to this operator, which knows"
                + " RoundRobin, LeastRequest, Random, SourceHash")
        .anyMatch(fault -> fault.startsWith("spec.listenerPort: \"many\" is not known"));
  }

  @Test
  void anObjectOfOurOwnDefinitionHasNoFaults() {
    ExposedService service = service("{peerRef: {name: edge}, proxyProtocol: v2}");
    assertThat(service.faults()).isEmpty();
    assertThat(service.getSpec().proxyProtocol()).isEqualTo(ProxyProtocol.V2);
  }

  @Test
  void nothingThatASpecHoldsIsAnException() {
    for (String spec :
        new String[] {"[]", "5", "{peerRef: 5, hostnames: 7}", "{hostnames: {a: b}}"}) {
      assertThat(service(spec).getSpec()).isNotNull();
    }
  }

  @Test
  void aStatusOfANewerOperatorIsReadAsFarAsItIsKnown() {
    ProxyPeer peer =
        serialization.unmarshal(
            """
            apiVersion: opsproxy.io/v1alpha1
            kind: ProxyPeer
            metadata: {name: edge}
            spec: {logging: {level: Whisper}}
            status: {configHash: abc, remotePeers: [{address: "a:1", state: Dreaming}]}
            """,
            ProxyPeer.class);
    assertThat(peer.faults()).singleElement().asString().startsWith("spec.logging.level: ");
    assertThat(peer.getStatus().configHash()).isEqualTo("abc");
  }
}
