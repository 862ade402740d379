package io.opsproxy.operator.render;

import io.opsproxy.dataplane.trust.PemTexts;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.util.Optional;

/** Certificates of authorities as a text (PEM). Pure. */
public final class AuthorityBundle {
  /** Of the bits of RFC 5280 4.2.1.3. */
  private static final int SIGNS_CERTIFICATES = 5;

  private AuthorityBundle() {}

  /** What a peer would say against it; empty when it would take it. */
  static Optional<String> problem(String pem) {
    try {
      for (X509Certificate certificate : PemTexts.certificates("the text", pem)) {
        boolean[] uses = certificate.getKeyUsage();
        if (certificate.getBasicConstraints() < 0 || (uses != null && !uses[SIGNS_CERTIFICATES])) {
          return Optional.of(
              "certificate \""
                  + certificate.getSubjectX500Principal().getName()
                  + "\" is no authority: it may not sign others; write the certificate of the"
                  + " authority that issued those of the peers");
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage());
    }
  }
}
