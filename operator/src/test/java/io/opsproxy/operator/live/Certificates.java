package io.opsproxy.operator.live;

import java.util.Base64;
import java.util.Random;

/** Texts of any size that the API takes for certificates. */
final class Certificates {
  private Certificates() {}

  /** The same for the same seed; as a text in YAML between double quotes. */
  static String random(int seed, int size) {
    byte[] bytes = new byte[size * 3 / 4];
    new Random(seed).nextBytes(bytes);
    return "-----BEGIN CERTIFICATE-----\\n"
        + Base64.getMimeEncoder().encodeToString(bytes).replace("\r\n", "\\n")
        + "\\n-----END CERTIFICATE-----\\n";
  }
}
