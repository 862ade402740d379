package io.opsproxy.operator.local;

import io.fabric8.kubernetes.api.model.Secret;
import io.opsproxy.api.v1alpha1.IdentityMode;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.trust.issue.Authority;
import io.opsproxy.dataplane.trust.issue.Issued;
import io.opsproxy.operator.render.Issuer;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.References;
import io.opsproxy.operator.render.TlsSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Issues for the peers of this machine, as the operator does for those of a cluster; its key lives
 * as long as this process. Made when it is first needed. Used by one thread.
 */
final class LocalAuthority {
  private static final String DOMAIN = "localhost";
  private static final Duration LIFE = Duration.ofDays(365);
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final Map<ObjectKey, Map<String, String>> issued = new HashMap<>();
  private Authority authority;
  private Issuer issuer;

  /** What configurations of these peers know of it; nothing is made when none needs it. */
  Issuer issuer(Manifests objects) {
    return objects.peers().values().stream().anyMatch(LocalAuthority::isIssued)
        ? issuer()
        : Issuer.UNKNOWN;
  }

  private static boolean isIssued(ProxyPeer peer) {
    return peer.getSpec().mesh().identity().mode() == IdentityMode.ISSUED;
  }

  private Issuer issuer() {
    if (issuer == null) {
      Instant now = Instant.now();
      authority = Authority.create(DOMAIN, now.minus(BACKDATED), now.plus(LIFE));
      issuer = new Issuer(DOMAIN, authority.own().certificatePem());
    }
    return issuer;
  }

  /** The files of a peer's certificate and key: issued here, or those of its Secret. */
  Map<String, String> identity(ProxyPeer peer, Manifests objects) {
    ObjectKey key = ObjectKey.of(peer);
    if (isIssued(peer)) {
      return issued.computeIfAbsent(key, this::issue);
    }
    if (!peer.getSpec().mesh().hasIdentity()) {
      return Map.of();
    }
    return files(objects.secrets().get(References.secrets(peer).get(0)));
  }

  private Map<String, String> issue(ObjectKey peer) {
    Instant now = Instant.now();
    String id = issuer().id(peer);
    Issued fresh = authority.issue(id, now.minus(BACKDATED), now.plus(LIFE));
    return Map.of(TlsSecret.CERTIFICATE, fresh.certificatePem(), TlsSecret.KEY, fresh.keyPem());
  }

  private static Map<String, String> files(Secret secret) {
    Map<String, String> files = new TreeMap<>();
    if (secret != null && secret.getStringData() != null) {
      files.putAll(secret.getStringData());
    }
    if (secret != null && secret.getData() != null) {
      secret.getData().forEach((name, data) -> files.put(name, TlsSecret.decode(data)));
    }
    files
        .keySet()
        .removeIf(name -> !name.equals(TlsSecret.CERTIFICATE) && !name.equals(TlsSecret.KEY));
    return files;
  }
}
