package io.opsproxy.operator.render;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** The keys of a Secret of type kubernetes.io/tls, and the form of their values. */
public final class TlsSecret {
  /** Of the Secret. */
  public static final String TYPE = "kubernetes.io/tls";

  /** The certificate, then those between it and its authority (PEM). */
  public static final String CERTIFICATE = "tls.crt";

  /** Its key (PEM). */
  public static final String KEY = "tls.key";

  /** The certificates of its authority (PEM), as cert-manager adds them. */
  public static final String AUTHORITIES = "ca.crt";

  private TlsSecret() {}

  /** A value as {@code data} has it. */
  public static String encode(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The text of a value, which people may have broken into lines. */
  public static String decode(String data) {
    return new String(Base64.getMimeDecoder().decode(data), StandardCharsets.UTF_8);
  }
}
