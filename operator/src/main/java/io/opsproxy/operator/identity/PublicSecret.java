package io.opsproxy.operator.identity;

import io.fabric8.kubernetes.api.model.Secret;
import io.opsproxy.operator.render.TlsSecret;
import java.util.Map;
import java.util.Optional;

/**
 * What is public of a Secret in the form of kubernetes.io/tls; that of the key is only whether it
 * is there.
 *
 * @param certificate PEM; empty without one
 * @param authorities PEM of {@code ca.crt}, which need not be there
 */
record PublicSecret(Optional<String> certificate, Optional<String> authorities, boolean hasKey) {
  static PublicSecret of(Secret secret) {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    return new PublicSecret(
        text(data.get(TlsSecret.CERTIFICATE)),
        text(data.get(TlsSecret.AUTHORITIES)),
        data.get(TlsSecret.KEY) != null);
  }

  private static Optional<String> text(String base64) {
    return Optional.ofNullable(base64).filter(one -> !one.isEmpty()).map(TlsSecret::decode);
  }
}
