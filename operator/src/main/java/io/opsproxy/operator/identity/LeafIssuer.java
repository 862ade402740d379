package io.opsproxy.operator.identity;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.trust.issue.Issued;
import io.opsproxy.operator.render.Child;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.TlsSecret;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** When a peer needs another certificate, and the Secret with it. Pure but for the new keys. */
final class LeafIssuer {
  static final Duration LIFE = Duration.ofDays(30);

  private LeafIssuer() {}

  /** When a certificate is renewed: two thirds of its life. */
  static Instant renewal(Leaf leaf) {
    Duration life = Duration.between(leaf.notBefore(), leaf.notAfter());
    return leaf.notBefore().plus(life.multipliedBy(2).dividedBy(3));
  }

  /** Whether a certificate is the one that the peer is to have at this time. */
  static boolean holds(
      Leaf leaf,
      Optional<String> authorities,
      ObjectKey peer,
      OperatorAuthority.Current by,
      Instant now) {
    return leaf.id().equals(by.issuer().id(peer))
        && now.isBefore(renewal(leaf))
        && authorities.filter(by.issuer().bundle()::equals).isPresent()
        && isSigned(leaf, by.authority().own().certificate());
  }

  private static boolean isSigned(Leaf leaf, X509Certificate authority) {
    try {
      leaf.certificate().verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /** A new certificate with a new key, as the peer's Secret. */
  static Secret issue(ProxyPeer peer, String name, OperatorAuthority.Current by, Instant now) {
    Issued issued =
        by.authority()
            .issue(
                by.issuer().id(ObjectKey.of(peer)),
                now.minus(AuthorityKeys.BACKDATED),
                now.plus(LIFE));
    Map<String, String> data = new LinkedHashMap<>();
    data.put(TlsSecret.CERTIFICATE, TlsSecret.encode(issued.certificatePem()));
    data.put(TlsSecret.KEY, TlsSecret.encode(issued.keyPem()));
    data.put(TlsSecret.AUTHORITIES, TlsSecret.encode(by.issuer().bundle()));
    return new SecretBuilder()
        .withMetadata(Child.meta(peer, name))
        .withType(TlsSecret.TYPE)
        .withData(data)
        .build();
  }
}
