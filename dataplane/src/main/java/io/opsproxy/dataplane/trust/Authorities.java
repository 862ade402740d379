package io.opsproxy.dataplane.trust;

import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The authorities of one file, and the check that a certificate comes from one of them (RFC 5280
 * 6.1, by the JDK's validator). Immutable, for any thread.
 *
 * @param certificates each of an authority, which may be one below another
 */
record Authorities(List<X509Certificate> certificates) {
  /** Certificates that anyone shows; more than any hierarchy has. */
  static final int MAX_CHAIN = 10;

  Authorities {
    certificates = List.copyOf(certificates);
  }

  /**
   * A way from a certificate to one of these authorities.
   *
   * @param chain the certificate first, the authority last
   * @param validity of all of them together
   */
  record Path(List<X509Certificate> chain, Validity validity) {}

  /**
   * The way that holds longest. Whether it holds now is not asked: whoever is outside of the
   * validity of a certificate hears that, and not that it is a stranger.
   *
   * @param shown the certificate in question, then others in any order
   * @param now for certificates that are never valid at one time
   */
  Optional<Path> find(List<X509Certificate> shown, Instant now) {
    if (shown.size() > MAX_CHAIN) {
      return Optional.empty();
    }
    List<X509Certificate> rest = new ArrayList<>(shown.subList(1, shown.size()));
    List<X509Certificate> chain = new ArrayList<>(List.of(shown.get(0)));
    while (true) {
      X509Certificate last = chain.get(chain.size() - 1);
      Path best = null;
      for (X509Certificate authority : certificates) {
        if (authority.getSubjectX500Principal().equals(last.getIssuerX500Principal())) {
          Path path = path(chain, authority, now);
          if (path != null
              && (best == null || path.validity.notAfter().isAfter(best.validity.notAfter()))) {
            best = path;
          }
        }
      }
      if (best != null) {
        return Optional.of(best);
      }
      X509Certificate next = issuer(last, rest);
      if (next == null) {
        return Optional.empty();
      }
      rest.remove(next);
      chain.add(next);
    }
  }

  private static X509Certificate issuer(X509Certificate of, List<X509Certificate> among) {
    for (X509Certificate candidate : among) {
      if (candidate.getSubjectX500Principal().equals(of.getIssuerX500Principal())) {
        return candidate;
      }
    }
    return null;
  }

  /** Null when the validator says no. */
  private static Path path(List<X509Certificate> below, X509Certificate authority, Instant now) {
    List<X509Certificate> whole = new ArrayList<>(below);
    whole.add(authority);
    Path path = new Path(List.copyOf(whole), Validity.of(whole));
    try {
      PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(authority, null)));
      // by Revocations, which also takes lists past their next update, and asks no network
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(path.validity.nearest(now)));
      CertPathValidator.getInstance("PKIX")
          .validate(CertificateFactory.getInstance("X.509").generateCertPath(below), parameters);
      return path;
    } catch (CertPathValidatorException | CertificateException e) {
      return null;
    } catch (InvalidAlgorithmParameterException e) {
      throw new IllegalStateException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PKIX and X.509", e);
    }
  }
}
