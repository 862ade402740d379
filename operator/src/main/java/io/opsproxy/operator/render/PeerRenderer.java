package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.render.Rendered.PodConfig;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The whole of a peer. Stateless; O(n log n) in the number of its services. */
public final class PeerRenderer {
  /** Bound of the API server for all data of a ConfigMap. */
  private static final int MAX_CONFIG_MAP = 1024 * 1024 - 16 * 1024;

  private PeerRenderer() {}

  /**
   * Renders a peer.
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
    List<ExposedService> sorted = new ArrayList<>(services);
    sorted.sort(Comparator.comparing(service -> ObjectKey.of(service)));
    ObjectKey key = ObjectKey.of(peer);
    Site site = options.site();
    SortedMap<ObjectKey, Attachment> attachments = new TreeMap<>();
    Finding resolved = Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);
    try {
      CaFiles files = new CaFiles(site.directory(key));
      ServiceRenderer renderer =
          new ServiceRenderer(peer, lookup, files, PeerConfig.dialTimeout(peer), site);
      Claims claims =
          new Claims(sorted.stream().filter(one -> renderer.refusal(one).isEmpty()).toList());
      for (ExposedService service : sorted) {
        attachments.put(ObjectKey.of(service), renderer.render(service, claims));
      }
      List<Served> served =
          attachments.values().stream().map(Attachment::served).flatMap(Optional::stream).toList();
      RemotePeers remotes = RemotePeers.of(peer, lookup, site);
      resolved = remotes.resolved();
      String yaml = PeerConfig.yaml(peer, remotes.addresses(), served, site);
      if (yaml.length() + files.files().values().stream().mapToInt(String::length).sum()
          > MAX_CONFIG_MAP) {
        throw new RefusedSpec(
            "spec",
            "the configuration of "
                + served.size()
                + " ExposedServices does not fit into a ConfigMap (1 MiB); attach some of them to"
                + " another ProxyPeer");
      }
      PodConfig config =
          new PodConfig(
              yaml,
              Sha256.hex(yaml),
              files.files(),
              remotes.addresses().stream().map(HostPort::toString).toList());
      List<HasMetadata> children =
          children(
              peer,
              config,
              remotes.addresses(),
              served,
              attachments,
              sorted,
              lookup,
              kinds,
              options);
      return new Rendered(
          Finding.of(
              ConditionType.ACCEPTED,
              Reason.ACCEPTED,
              "The pods of " + key + " are to run this spec."),
          missingKinds(peer, kinds, resolved),
          Optional.of(config),
          children,
          attachments);
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
      ProxyPeer peer,
      PodConfig config,
      List<HostPort> remotes,
      List<Served> served,
      Map<ObjectKey, Attachment> attachments,
      List<ExposedService> services,
      Lookup lookup,
      Set<OptionalKind> kinds,
      Options options) {
    List<ExposedService> serving =
        services.stream()
            .filter(one -> attachments.get(ObjectKey.of(one)).served().isPresent())
            .toList();
    List<HasMetadata> children = new ArrayList<>();
    children.add(PeerServices.account(peer));
    children.add(ConfigMaps.of(peer, config, remotes, served));
    children.add(PeerServices.front(peer, served));
    children.add(PeerServices.headless(peer, served));
    children.add(Protections.policy(peer, remotes, served, serving, lookup));
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
