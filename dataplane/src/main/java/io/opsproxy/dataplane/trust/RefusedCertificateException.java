package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.trust.Verdict.Refused;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateException;
import java.util.Optional;

/** A handshake that ends because {@link Trust} refuses who is at the other end. */
public final class RefusedCertificateException extends CertificateException {
  private final transient Refused refused;

  RefusedCertificateException(Refused refused) {
    super(refused.message());
    this.refused = refused;
    // The JDK tells the other end by an alert that it chooses by the cause.
    BasicReason reason =
        switch (refused.reason()) {
          case EXPIRED -> BasicReason.EXPIRED;
          case REVOKED -> BasicReason.REVOKED;
          default -> BasicReason.UNSPECIFIED;
        };
    initCause(new CertPathValidatorException(refused.message(), null, null, -1, reason));
  }

  public Refused refused() {
    return refused;
  }

  /**
   * Why a handshake failed, when it was for who the other end is: what an engine of {@link
   * Credentials} threw.
   */
  public static Optional<Refused> in(Throwable failure) {
    int depth = 0;
    for (Throwable cause = failure; cause != null && depth < 16; cause = cause.getCause()) {
      if (cause instanceof RefusedCertificateException exception) {
        return Optional.of(exception.refused);
      }
      String message = cause.getMessage();
      // The JDK asks no trust manager about a client without certificates.
      if (message != null && message.contains("Empty client certificate chain")) {
        return Optional.of(Trust.noCertificate());
      }
      depth++;
    }
    return Optional.empty();
  }
}
