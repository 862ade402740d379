package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.operator.status.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything that follows from a peer and its services.
 *
 * @param accepted of the status of the peer
 * @param resolvedRefs of the status of the peer
 * @param config what the pods are to run; empty when the spec of the peer is refused, and then
 *     nothing is to be changed
 * @param children all objects that are to exist, and no others of those kinds; empty with no config
 * @param services by object
 */
public record Rendered(
    Finding accepted,
    Finding resolvedRefs,
    Optional<PodConfig> config,
    List<HasMetadata> children,
    SortedMap<ObjectKey, Attachment> services) {

  /**
   * The configuration of the pods.
   *
   * @param yaml text of {@code config.yaml}
   * @param hash lower-case hexadecimal SHA-256 of its bytes
   * @param files further files beside it, by name
   * @param remotePeers addresses that are dialled
   */
  public record PodConfig(
      String yaml, String hash, Map<String, String> files, List<String> remotePeers) {}

  /** The same findings, and nothing is to be changed yet. */
  public Rendered heldBack() {
    return new Rendered(accepted, resolvedRefs, Optional.empty(), List.of(), services);
  }

  public Rendered {
    children = List.copyOf(children);
  }
}
