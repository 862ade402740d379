package io.opsproxy.dataplane.cluster;

import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import javax.net.ssl.SSLException;

/** Words for a TLS handshake that failed, with the way out where it is a setting. */
final class TlsProblem {
  private TlsProblem() {}

  /** One clause. */
  static String describe(SSLException problem) {
    Throwable cause = problem;
    String certificate = null;
    while (cause != null) {
      if (cause instanceof CertificateExpiredException) {
        return "its certificate has expired";
      }
      if (cause instanceof CertPathBuilderException
          || cause instanceof CertPathValidatorException) {
        return "its certificate is not from a CA that is trusted here: name its CA with ca, or set"
            + " insecure_skip_verify";
      }
      if (cause instanceof CertificateException && certificate == null) {
        certificate = cause.getMessage();
      }
      cause = cause.getCause();
    }
    if (certificate != null) {
      return "its certificate is not accepted ("
          + certificate
          + "): set server_name to a name that it has, or insecure_skip_verify";
    }
    return "TLS failed: " + problem.getMessage();
  }
}
