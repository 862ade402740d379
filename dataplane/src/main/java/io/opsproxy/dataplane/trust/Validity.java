package io.opsproxy.dataplane.trust;

import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * When all of several certificates are valid at once, both ends included.
 *
 * @param notAfter before {@code notBefore} when there is no such time
 */
record Validity(Instant notBefore, Instant notAfter) {

  /**
   * @param certificates not empty
   */
  static Validity of(List<X509Certificate> certificates) {
    Validity all = of(certificates.get(0));
    for (X509Certificate certificate : certificates) {
      all = all.and(of(certificate));
    }
    return all;
  }

  static Validity of(X509Certificate certificate) {
    return new Validity(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }

  Validity and(Validity other) {
    return new Validity(
        notBefore.isAfter(other.notBefore) ? notBefore : other.notBefore,
        notAfter.isBefore(other.notAfter) ? notAfter : other.notAfter);
  }

  boolean holds(Instant now) {
    return !now.isBefore(notBefore) && !now.isAfter(notAfter);
  }

  /** The time nearest to now at which they are valid. */
  Instant nearest(Instant now) {
    if (now.isBefore(notBefore)) {
      return notBefore;
    }
    return now.isAfter(notAfter) ? notAfter : now;
  }

  /** Why it does not hold now, to stand after "is": {@code expired since ...}. */
  String problem(Instant now) {
    return now.isBefore(notBefore) ? "not valid before " + notBefore : "expired since " + notAfter;
  }
}
