package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Service;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Keeps what was asked, so that it can be told whether the answers are still the same. */
final class RecordingLookup implements Lookup {
  private final Lookup lookup;
  private List<Asked> asked = new ArrayList<>();

  /**
   * A question and its answer.
   *
   * @param question asks it again
   */
  record Asked(Function<Lookup, Object> question, Object answer) {
    boolean holds(Lookup lookup) {
      return Objects.equals(answer, question.apply(lookup));
    }
  }

  /** An object of a cache, which is replaced and never changed: it is the same or another one. */
  private record Same(Object object) {
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof Same that && object == that.object;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(object);
    }
  }

  RecordingLookup(Lookup lookup) {
    this.lookup = lookup;
  }

  /** What was asked since the last call. */
  List<Asked> take() {
    List<Asked> taken = List.copyOf(asked);
    asked = new ArrayList<>();
    return taken;
  }

  @Override
  public boolean knowsServices() {
    return lookup.knowsServices();
  }

  @Override
  public Optional<Service> service(ObjectKey key) {
    Optional<Service> answer = lookup.service(key);
    asked.add(
        new Asked(
            again -> new Same(again.service(key).orElse(null)), new Same(answer.orElse(null))));
    return answer;
  }

  @Override
  public Optional<ProxyPeer> peer(ObjectKey key) {
    Optional<ProxyPeer> answer = lookup.peer(key);
    asked.add(
        new Asked(again -> new Same(again.peer(key).orElse(null)), new Same(answer.orElse(null))));
    return answer;
  }

  @Override
  public List<ProxyPeer> peersNaming(ObjectKey peer) {
    List<ProxyPeer> answer = lookup.peersNaming(peer);
    asked.add(
        new Asked(
            again -> again.peersNaming(peer).stream().map(Same::new).toList(),
            answer.stream().map(Same::new).toList()));
    return answer;
  }

  @Override
  public Optional<ConfigMap> configMap(ObjectKey key) {
    Optional<ConfigMap> answer = lookup.configMap(key);
    asked.add(
        new Asked(
            again -> new Same(again.configMap(key).orElse(null)), new Same(answer.orElse(null))));
    return answer;
  }

  @Override
  public Map<String, String> namespaceLabels(String namespace) {
    Map<String, String> answer = lookup.namespaceLabels(namespace);
    asked.add(new Asked(again -> again.namespaceLabels(namespace), answer));
    return answer;
  }
}
