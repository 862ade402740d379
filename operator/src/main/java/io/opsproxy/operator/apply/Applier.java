package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the children of a peer what they should be: one server-side apply of the whole intent of
 * each that differs, deletion of those that are not wanted any more, and nothing at all for an
 * object that belongs to somebody else.
 */
public final class Applier {
  private static final Logger log = LoggerFactory.getLogger(Applier.class);

  private static final PatchContext APPLY =
      new PatchContext.Builder()
          .withPatchType(PatchType.SERVER_SIDE_APPLY)
          .withFieldManager(Labels.MANAGER)
          .withForce(true)
          .build();

  private final KubernetesClient client;
  private final ClusterCache cache;
  private final Intent intent;

  /**
   * What could not be made.
   *
   * @param foreign objects of those names that are not ours, as people write them; they were left
   *     alone
   * @param refused children that the API server does not take, each with its reason
   */
  public record Result(List<String> foreign, List<String> refused) {
    /** What is to be said of the peer; empty when all is well. */
    public Optional<Finding> finding() {
      if (!foreign.isEmpty()) {
        return Optional.of(
            Finding.of(
                ConditionType.ACCEPTED,
                Reason.NOT_OWNED,
                String.join(", ", foreign)
                    + (foreign.size() == 1 ? " exists and belongs" : " exist and belong")
                    + " to somebody else; it is left alone. Delete or rename it, or rename the"
                    + " ProxyPeer"));
      }
      return refused.isEmpty()
          ? Optional.empty()
          : Optional.of(
              Finding.of(
                  ConditionType.ACCEPTED,
                  Reason.CHILD_REFUSED,
                  "the API server refuses " + String.join("; ", refused)));
    }
  }

  public Applier(KubernetesClient client, ClusterCache cache) {
    this.client = client;
    this.cache = cache;
    intent = new Intent(client.getKubernetesSerialization());
  }

  /**
   * Applies them in their order.
   *
   * @throws KubernetesClientException when the API server cannot do it now; worth another attempt
   */
  public Result apply(ProxyPeer peer, List<HasMetadata> children) {
    String uid = peer.getMetadata().getUid();
    List<String> foreign = new ArrayList<>();
    List<String> refused = new ArrayList<>();
    Set<String> wanted = new HashSet<>();
    for (HasMetadata child : children) {
      wanted.add(identity(child));
      Optional<HasMetadata> live = live(child);
      if (live.isPresent() && !owned(live.get(), uid)) {
        foreign.add(describe(child));
        continue;
      }
      HasMetadata desired = intent.stamped(child);
      if (live.isEmpty() || !intent.holds(desired, live.get())) {
        log.info(
            "{} {}: {} {}",
            peer.getKind(),
            ObjectKey.of(peer),
            live.isEmpty() ? "creating" : "updating",
            describe(child));
        try {
          client.resource(desired).patch(APPLY);
        } catch (KubernetesClientException e) {
          if (!isRefusal(e)) {
            throw e;
          }
          // The others do not depend on it, and serve.
          log.warn("{} {}: refused: {}", peer.getKind(), ObjectKey.of(peer), reason(e));
          refused.add(describe(child) + ": " + reason(e));
        }
      }
    }
    for (HasMetadata child : cache.childrenOf(uid)) {
      if (!wanted.contains(identity(child))) {
        log.info(
            "{} {}: deleting {}, which is not wanted any more",
            peer.getKind(),
            ObjectKey.of(peer),
            describe(child));
        client.resource(child).delete();
      }
    }
    return new Result(foreign, refused);
  }

  /**
   * Invalid, or forbidden by a quota, a policy or a missing right: not before somebody changes
   * something.
   */
  private static boolean isRefusal(KubernetesClientException e) {
    return e.getCode() == 400 || e.getCode() == 403 || e.getCode() == 422;
  }

  private static String reason(KubernetesClientException e) {
    return e.getStatus() == null || e.getStatus().getMessage() == null
        ? e.getMessage()
        : e.getStatus().getMessage();
  }

  /** From the cache where it is there; what does not carry our label is only in the cluster. */
  private Optional<HasMetadata> live(HasMetadata child) {
    Optional<? extends HasMetadata> cached = cache.child(child.getKind(), ObjectKey.of(child));
    return cached.isPresent()
        ? Optional.of(cached.get())
        : Optional.ofNullable(client.resource(child).get());
  }

  private static boolean owned(HasMetadata object, String uid) {
    return object.getMetadata().getOwnerReferences() != null
        && object.getMetadata().getOwnerReferences().stream()
            .anyMatch(owner -> uid.equals(owner.getUid()));
  }

  private static String identity(HasMetadata object) {
    return object.getKind() + " " + object.getMetadata().getName();
  }

  private static String describe(HasMetadata object) {
    return object.getKind() + " " + ObjectKey.of(object);
  }
}
