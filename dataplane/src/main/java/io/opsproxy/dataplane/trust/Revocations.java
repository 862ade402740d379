package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.value.Revocation;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which certificates are believed no longer. A list counts for the certificates of the authority
 * that has signed it, also past its next update: what was revoked stays revoked. Immutable, for any
 * thread.
 *
 * @param named {@code mesh.revoked}
 * @param lists those of {@code mesh.crl}
 */
record Revocations(Set<Revocation> named, List<X509CRL> lists) {
  Revocations {
    named = Set.copyOf(named);
    lists = List.copyOf(lists);
  }

  /**
   * What revokes it, to stand after "is": {@code revoked by mesh.revoked}.
   *
   * @param id of the first certificate
   * @param path the certificate first, the authority last; that is revoked by its removal alone
   */
  Optional<String> find(PeerId id, List<X509Certificate> path) {
    if (named.contains(new Revocation(id.value()))) {
      return Optional.of("revoked by its id in mesh.revoked");
    }
    for (int i = 0; i < path.size() - 1; i++) {
      X509Certificate certificate = path.get(i);
      Revocation serial = Revocation.ofSerial(certificate.getSerialNumber());
      if (named.contains(serial)) {
        return Optional.of("revoked by " + serial + " in mesh.revoked");
      }
      for (X509CRL list : lists) {
        if (list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
            && list.getRevokedCertificate(certificate) != null
            && isSignedBy(list, path.get(i + 1))) {
          return Optional.of("revoked by the list in mesh.crl (" + serial + ")");
        }
      }
    }
    return Optional.empty();
  }

  static boolean isSignedBy(X509CRL list, X509Certificate authority) {
    try {
      list.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
