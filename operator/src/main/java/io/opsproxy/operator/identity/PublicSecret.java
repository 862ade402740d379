package io.opsproxy.operator.identity;

import io.fabric8.kubernetes.api.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
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
  static final String CERTIFICATE = "tls.crt";
  static final String KEY = "tls.key";
  static final String AUTHORITIES = "ca.crt";

  static PublicSecret of(Secret secret) {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    return new PublicSecret(
        text(data.get(CERTIFICATE)), text(data.get(AUTHORITIES)), data.get(KEY) != null);
  }

  private static Optional<String> text(String base64) {
    if (base64 == null || base64.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8));
  }
}
