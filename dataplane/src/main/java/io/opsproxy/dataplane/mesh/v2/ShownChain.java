package io.opsproxy.dataplane.mesh.v2;

import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;

/** Certificates as another peer has told them. Two are equal when they are one. Any thread. */
final class ShownChain {
  private static final ShownChain NONE = new ShownChain(List.of());
  private final List<ByteBuffer> encoded;
  private List<X509Certificate> parsed;

  /**
   * @param encoded DER, the owner's first
   */
  ShownChain(List<ByteBuffer> encoded) {
    this.encoded = List.copyOf(encoded);
  }

  /** What stands for certificates that nobody has told. */
  static ShownChain none() {
    return NONE;
  }

  /** In bytes. */
  int size() {
    return encoded.stream().mapToInt(ByteBuffer::remaining).sum();
  }

  /**
   * Parsed, when first asked, which takes up to milliseconds: not on an event loop. Empty when one
   * of them is none.
   */
  synchronized List<X509Certificate> certificates() {
    if (parsed == null) {
      parsed = parse();
    }
    return parsed;
  }

  private List<X509Certificate> parse() {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (ByteBuffer one : encoded) {
        byte[] bytes = new byte[one.remaining()];
        one.duplicate().get(bytes);
        chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
      }
    } catch (CertificateException e) {
      return List.of();
    }
    return List.copyOf(chain);
  }
}
