package io.opsproxy.operator.local;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.OptionalKind;
import io.opsproxy.operator.render.Options;
import io.opsproxy.operator.render.PeerRenderer;
import io.opsproxy.operator.render.Rendered;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import io.opsproxy.operator.status.State;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All peers of some files, rendered as the operator would.
 *
 * @param peers by key
 * @param orphans services whose peer is not in the files
 */
public record RenderedMesh(SortedMap<ObjectKey, Rendered> peers, List<Attachment> orphans) {
  /**
   * @param kinds optional kinds that are taken to exist
   */
  public static RenderedMesh of(Manifests objects, Set<OptionalKind> kinds, Options options) {
    SortedMap<ObjectKey, Rendered> peers = new TreeMap<>();
    objects
        .peers()
        .forEach(
            (key, peer) ->
                peers.put(
                    key,
                    PeerRenderer.render(peer, objects.servicesOf(key), objects, kinds, options)));
    List<ExposedService> orphans =
        objects.services().values().stream()
            .filter(service -> !peers.containsKey(ObjectKey.peerOf(service)))
            .toList();
    return new RenderedMesh(peers, orphans.stream().map(Attachment::withoutPeer).toList());
  }

  /** Everything that is to exist, peer by peer. */
  public List<HasMetadata> children() {
    return peers.values().stream().flatMap(rendered -> rendered.children().stream()).toList();
  }

  /** Conditions that are not as the user would want them. */
  public List<Remark> remarks() {
    List<Remark> remarks = new ArrayList<>();
    peers.forEach(
        (key, rendered) -> {
          remark("ProxyPeer " + key, rendered.accepted(), rendered.resolvedRefs(), remarks);
          rendered
              .services()
              .values()
              .forEach(
                  one ->
                      remark(
                          "ExposedService " + one.key(),
                          one.accepted(),
                          one.resolvedRefs(),
                          remarks));
        });
    for (Attachment orphan : orphans) {
      // Both conditions say the same.
      remarks.add(new Remark("ExposedService " + orphan.key(), orphan.accepted()));
    }
    return remarks;
  }

  private static void remark(
      String object, Finding accepted, Finding resolved, List<Remark> remarks) {
    Stream.of(accepted, resolved)
        .filter(
            finding ->
                !finding.holds()
                    || (finding.reason() != Reason.ACCEPTED
                        && finding.reason() != Reason.RESOLVED_REFS))
        .forEach(finding -> remarks.add(new Remark(object, finding)));
  }

  /**
   * A condition of an object.
   *
   * @param object kind and key
   */
  public record Remark(String object, Finding finding) {
    /** Whether the object, or a part of what it refers to, is refused. */
    public boolean refuses() {
      return finding.state() == State.FALSE;
    }

    @Override
    public String toString() {
      return object
          + ": "
          + finding.type().text()
          + " "
          + finding.state().text()
          + " "
          + finding.reason().text()
          + ": "
          + finding.message();
    }
  }
}
