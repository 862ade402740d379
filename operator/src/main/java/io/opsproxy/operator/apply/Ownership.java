package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.opsproxy.operator.render.Labels;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether an object is one of ours: it carries our label, has the peer as its controller, and was
 * applied by our field manager. An owner reference alone is no sign: people write those, so that
 * their objects go with the peer. Pure functions.
 */
public final class Ownership {
  /** Those of the cluster itself, which add to objects and take nothing from them. */
  private static final String CONTROLLERS = "kube-controller-manager";

  private Ownership() {}

  /**
   * What an object lacks to be a child of this peer; empty when it is one.
   *
   * @param uid of the peer
   */
  public static Optional<String> lacks(HasMetadata object, String uid) {
    ObjectMeta meta = object.getMetadata();
    Map<String, String> labels = meta.getLabels();
    if (labels == null || !Labels.MANAGER.equals(labels.get(Labels.MANAGED_BY))) {
      return Optional.of("the label " + Labels.MANAGED_BY + "=" + Labels.MANAGER);
    }
    List<OwnerReference> owners = meta.getOwnerReferences();
    boolean controlled =
        owners != null
            && owners.stream()
                .anyMatch(
                    one -> uid.equals(one.getUid()) && Boolean.TRUE.equals(one.getController()));
    if (!controlled) {
      return Optional.of("this ProxyPeer as its controller");
    }
    List<ManagedFieldsEntry> managers = meta.getManagedFields();
    boolean applied =
        managers != null
            && managers.stream()
                .anyMatch(
                    one ->
                        Labels.MANAGER.equals(one.getManager())
                            && "Apply".equals(one.getOperation()));
    return applied ? Optional.empty() : Optional.of("the field manager " + Labels.MANAGER);
  }

  /** Who else has written the object, as people know them; empty for nobody. */
  static List<String> others(HasMetadata object) {
    List<ManagedFieldsEntry> managers = object.getMetadata().getManagedFields();
    return managers == null
        ? List.of()
        : managers.stream()
            .filter(one -> one.getSubresource() == null || one.getSubresource().isEmpty())
            .map(ManagedFieldsEntry::getManager)
            .filter(one -> !Labels.MANAGER.equals(one) && !CONTROLLERS.equals(one))
            .distinct()
            .toList();
  }
}
