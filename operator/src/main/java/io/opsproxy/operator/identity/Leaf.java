package io.opsproxy.operator.identity;

import io.opsproxy.dataplane.trust.PeerId;
import io.opsproxy.dataplane.trust.PemTexts;
import io.opsproxy.dataplane.trust.Trust;
import io.opsproxy.operator.render.TlsSecret;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The certificate of a peer. Pure.
 *
 * @param id of the peer
 * @param certificate its own
 * @param notAfter when the first of it and those that it is shown with ends
 */
record Leaf(String id, X509Certificate certificate, Instant notAfter) {
  /** What the data plane warns of as well; less where certificates live shorter. */
  private static final Duration NEAR_END = Duration.ofDays(7);

  /**
   * @param pem the certificate, then those between it and its authority
   * @throws IOException with a sentence, when a peer would not take it
   */
  static Leaf of(String pem) throws IOException {
    List<X509Certificate> chain = PemTexts.certificates(TlsSecret.CERTIFICATE, pem);
    X509Certificate own = chain.get(0);
    Optional<PeerId> id = PeerId.of(own);
    if (id.isEmpty()) {
      throw new IOException(
          "the certificate has no peer id: no SPIFFE URI and no DNS name, or more than one URI;"
              + " issue one with an id");
    }
    if (own.getBasicConstraints() >= 0 || !Trust.isForPeers(own)) {
      throw new IOException(
          "the certificate is not for both client and server use; issue it for both (usages of a"
              + " Certificate of cert-manager: client auth, server auth, digital signature)");
    }
    Instant end =
        chain.stream().map(one -> one.getNotAfter().toInstant()).min(Instant::compareTo).get();
    return new Leaf(id.get().value(), own, end);
  }

  Instant notBefore() {
    return certificate.getNotBefore().toInstant();
  }

  /** From when on somebody should look at it. */
  Instant nearEnd() {
    Duration quarter = Duration.between(notBefore(), notAfter).dividedBy(4);
    return notAfter.minus(quarter.compareTo(NEAR_END) < 0 ? quarter : NEAR_END);
  }
}
