package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.opsproxy.api.v1alpha1.ConfigMapKeyReference;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.TrustedPeers;
import io.opsproxy.dataplane.config.model.NamedFile;
import io.opsproxy.dataplane.config.model.TrustSettings;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.NamePattern;
import io.opsproxy.dataplane.config.value.PeerPattern;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Whom a peer trusts, as its configuration has it.
 *
 * @param entries those of this cluster, then in the order of the spec; what cannot be had is left
 *     out, so that nobody is trusted by mistake
 * @param files the authorities, by name of the file beside the configuration
 * @param resolved of the status
 */
record Trust(List<TrustSettings> entries, Map<String, String> files, Finding resolved) {
  private static final Finding RESOLVED =
      Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);

  private static final List<NamePattern> ANY_NAME = List.of(NamePattern.parse("*"));

  /** Nobody. */
  static final Trust NOBODY = new Trust(List.of(), Map.of(), RESOLVED);

  /**
   * The peers of this cluster that the peer is to link with, and whom the spec names.
   *
   * @throws RefusedSpec naming the value
   */
  static Trust of(ProxyPeer peer, Lookup lookup, Issuer issuer) {
    List<TrustSettings> entries = new ArrayList<>();
    Map<String, String> files = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    List<TrustedPeers> trust = peer.getSpec().mesh().trust();
    if (!trust.isEmpty() && !peer.getSpec().mesh().hasIdentity()) {
      throw new RefusedSpec("spec.mesh.trust", "needs an identity; set spec.mesh.identity.mode");
    }
    List<PeerPattern> neighbours =
        Neighbours.issued(peer, lookup).stream()
            .map(key -> new PeerPattern(issuer.id(key)))
            .toList();
    if (!neighbours.isEmpty()) {
      String file = CaFiles.name(issuer.bundle());
      files.put(file, issuer.bundle());
      entries.add(new TrustSettings(beside(file), neighbours, ANY_NAME, false));
    }
    for (int i = 0; i < trust.size(); i++) {
      TrustedPeers one = trust.get(i);
      String path = "spec.mesh.trust[" + i + "]";
      Optional<String> pem =
          one.configMapRef() == null
              ? Optional.of(inline(path, one))
              : referred(path, peer, one.configMapRef(), lookup, problems);
      if (pem.isPresent()) {
        String file = CaFiles.name(pem.get());
        files.put(file, pem.get());
        entries.add(entry(path, one, file));
      }
    }
    return new Trust(List.copyOf(entries), files, resolved(problems));
  }

  private static TrustSettings entry(String path, TrustedPeers one, String file) {
    List<String> peers = one.peers().isEmpty() ? List.of("*") : one.peers();
    return new TrustSettings(
        beside(file),
        RefusedSpec.parseAll(path + ".peers", peers, PeerPattern::new),
        RefusedSpec.parseAll(path + ".names", one.names(), NamePattern::parse),
        one.transit());
  }

  /** Wherever the configuration is. */
  private static NamedFile beside(String file) {
    return new NamedFile(Path.of(file), Source.DEFAULT);
  }

  private static String inline(String path, TrustedPeers one) {
    if (one.caBundle() == null) {
      throw new RefusedSpec(path, "needs caBundle or configMapRef");
    }
    AuthorityBundle.problem(one.caBundle())
        .ifPresent(
            problem -> {
              throw new RefusedSpec(path + ".caBundle", problem);
            });
    return one.caBundle();
  }

  private static Optional<String> referred(
      String path,
      ProxyPeer peer,
      ConfigMapKeyReference reference,
      Lookup lookup,
      List<String> problems) {
    ObjectKey key = new ObjectKey(peer.getMetadata().getNamespace(), reference.name());
    Optional<ConfigMap> map = lookup.configMap(key);
    String subject = path + ".configMapRef: ConfigMap " + key;
    if (map.isEmpty()) {
      problems.add(subject + " does not exist; create it, or remove the entry");
      return Optional.empty();
    }
    String text = map.get().getData() == null ? null : map.get().getData().get(reference.key());
    if (text == null) {
      problems.add(subject + " has no key \"" + reference.key() + "\"; name the one with the PEM");
      return Optional.empty();
    }
    Optional<String> problem = AuthorityBundle.problem(text);
    problem.ifPresent(why -> problems.add(subject + ", key \"" + reference.key() + "\": " + why));
    return problem.isPresent() ? Optional.empty() : Optional.of(text);
  }

  private static Finding resolved(List<String> problems) {
    return problems.isEmpty()
        ? RESOLVED
        : Finding.of(
            ConditionType.RESOLVED_REFS,
            Reason.TRUST_BUNDLE_NOT_FOUND,
            String.join("; ", problems) + "; until then its peers are not trusted");
  }
}
