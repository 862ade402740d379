package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.IdentityMode;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.render.Fitting.Fit;
import io.opsproxy.operator.render.Rendered.PodConfig;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The whole of a peer. Stateless; O(n log n) in the number of its services. */
public final class PeerRenderer {
  private PeerRenderer() {}

  /**
   * Renders a peer from the beginning.
   *
   * @param services all that name this peer, in any order
   * @param kinds optional kinds that the cluster has
   */
  public static Rendered render(
      ProxyPeer peer,
      List<ExposedService> services,
      Lookup lookup,
      Set<OptionalKind> kinds,
      Options options) {
    return render(peer, services, lookup, kinds, options, new RenderCache());
  }

  /**
   * Renders a peer; of what has not changed since the last call with this cache, nothing. When
   * nothing has, the same object comes back.
   *
   * @param cache of this peer
   */
  public static Rendered render(
      ProxyPeer peer,
      List<ExposedService> services,
      Lookup lookup,
      Set<OptionalKind> kinds,
      Options options,
      RenderCache cache) {
    ObjectKey key = ObjectKey.of(peer);
    Site site = options.site();
    SortedMap<ObjectKey, Attachment> attachments = new TreeMap<>();
    Finding resolved = Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);
    try {
      if (!peer.faults().isEmpty()) {
        throw new RefusedSpec(String.join("; ", peer.faults()));
      }
      RemotePeers remotes = RemotePeers.of(peer, lookup, site);
      Trust trust = Trust.of(peer, lookup, options.issuer());
      PeerConfig.check(peer, remotes.dialled(), trust, site);
      List<Proposal> proposals =
          cache.proposals(peer, services, lookup, site).stream()
              .sorted(Proposal.OLDEST_FIRST)
              .toList();
      Rendered before = cache.rendered(proposals, remotes, trust, kinds, options);
      if (before != null) {
        return before;
      }
      attachments = Fitting.decide(peer, proposals, Map.of(), site);
      resolved = remotes.resolved().and(trust.resolved());
      Fit fit = new Fitting(peer, proposals, remotes, trust, site).fit();
      PodConfig config =
          new PodConfig(
              fit.yaml(),
              Sha256.hex(fit.yaml()),
              fit.files(),
              remotes.addresses().stream().map(HostPort::toString).toList());
      Rendered rendered =
          new Rendered(
              Finding.of(
                  ConditionType.ACCEPTED,
                  Reason.ACCEPTED,
                  "The pods of " + key + " are to run this spec."),
              missingKinds(peer, kinds, resolved),
              Optional.of(config),
              children(peer, fit, remotes, kinds, options),
              fit.attachments());
      cache.keep(proposals, remotes, trust, kinds, options, rendered);
      return rendered;
    } catch (RefusedSpec e) {
      return new Rendered(
          Finding.of(ConditionType.ACCEPTED, Reason.INVALID_SPEC, e.getMessage()),
          resolved,
          Optional.empty(),
          List.of(),
          attachments);
    }
  }

  private static List<HasMetadata> children(
      ProxyPeer peer, Fit fit, RemotePeers remotes, Set<OptionalKind> kinds, Options options) {
    Egress egress =
        Egress.sum(
            Stream.concat(
                    Stream.of(remotes.egress()),
                    fit.attachments().values().stream()
                        .flatMap(one -> one.route().stream())
                        .map(Route::egress))
                .toList());
    List<HasMetadata> children = new ArrayList<>();
    children.add(PeerServices.account(peer));
    children.addAll(fit.maps());
    if (peer.getSpec().mesh().identity().mode() == IdentityMode.ISSUED) {
      children.add(ConfigMaps.trust(peer, options.issuer()));
    }
    children.add(PeerServices.front(peer, fit.served()));
    children.add(PeerServices.headless(peer, fit.served()));
    children.add(Protections.policy(peer, fit.served(), egress));
    if (peer.getSpec().replicas() > 1) {
      children.add(Protections.budget(peer));
    }
    children.add(Deployments.of(peer, options));
    children.addAll(Monitors.of(peer, kinds));
    return children;
  }

  /** An object that is wanted in any case and cannot be made is a reference to nothing. */
  private static Finding missingKinds(ProxyPeer peer, Set<OptionalKind> kinds, Finding resolved) {
    List<String> missing =
        Arrays.stream(OptionalKind.values())
            .filter(kind -> kind.demanded(peer.getSpec().monitoring()) && !kinds.contains(kind))
            .map(OptionalKind::kind)
            .toList();
    if (!resolved.holds() || missing.isEmpty()) {
      return resolved;
    }
    return Finding.of(
        ConditionType.RESOLVED_REFS,
        Reason.KIND_NOT_FOUND,
        missing.stream().collect(Collectors.joining(", "))
            + ": spec.monitoring says Enabled, and the cluster does not know the kind; install the"
            + " Prometheus operator, or say Auto");
  }
}
