package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.model.NamedFile;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.value.Quoted;
import java.io.ByteArrayInputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.cert.CRLException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One PEM file of a configuration. What is wrong is reported where the configuration names the
 * file, with the line in it.
 */
final class PemFile {
  private final NamedFile file;
  private final List<Pem.Block> blocks;
  private final Problems problems;

  PemFile(NamedFile file, String text, Problems problems) {
    this.file = file;
    this.blocks = Pem.blocks(text);
    this.problems = problems;
  }

  /** All certificates; empty when there is none or one is bad, which is reported. */
  List<X509Certificate> certificates() {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Pem.Block block : blocks("CERTIFICATE", "a certificate")) {
      try {
        certificates.add((X509Certificate) x509().generateCertificate(in(block)));
      } catch (CertificateException e) {
        bad(block, "is no certificate", "write it again as PEM");
        return List.of();
      }
    }
    return certificates;
  }

  /** All revocation lists; empty when there is none or one is bad, which is reported. */
  List<X509CRL> lists() {
    List<X509CRL> lists = new ArrayList<>();
    for (Pem.Block block : blocks("X509 CRL", "a revocation list")) {
      try {
        lists.add((X509CRL) x509().generateCRL(in(block)));
      } catch (CRLException e) {
        bad(block, "is no revocation list", "write it again as PEM");
        return List.of();
      }
    }
    return lists;
  }

  /** The one private key: PKCS#8, or the older forms of RSA and EC. */
  Optional<PrivateKey> key() {
    List<Pem.Block> keys = new ArrayList<>();
    for (Pem.Block block : blocks) {
      if (block.label().endsWith("PRIVATE KEY")) {
        keys.add(block);
      }
    }
    if (keys.isEmpty()) {
      missing("a private key", "PRIVATE KEY");
      return Optional.empty();
    }
    Pem.Block block = keys.get(0);
    if (keys.size() > 1) {
      bad(keys.get(1), "is a second private key", "leave the one that belongs to the certificate");
      return Optional.empty();
    }
    if (block.label().startsWith("ENCRYPTED")) {
      bad(block, "is encrypted", "write it without a password: openssl pkey -in FILE");
      return Optional.empty();
    }
    if (block.bytes() == null) {
      bad(block, "is damaged", "write it again as PEM");
      return Optional.empty();
    }
    try {
      return Optional.of(parse(pkcs8(block)));
    } catch (IllegalArgumentException e) {
      bad(block, "is " + e.getMessage(), "use an EC (P-256), RSA or Ed25519 key");
      return Optional.empty();
    }
  }

  private static byte[] pkcs8(Pem.Block block) {
    return switch (block.label()) {
      case "PRIVATE KEY" -> block.bytes();
      case "RSA PRIVATE KEY" -> KeyForm.ofPkcs1(block.bytes());
      case "EC PRIVATE KEY" -> KeyForm.ofSec1(block.bytes());
      default -> throw new IllegalArgumentException("a key of a form that is not read");
    };
  }

  private static PrivateKey parse(byte[] pkcs8) {
    for (String kind : List.of("EC", "RSA", "EdDSA", "RSASSA-PSS")) {
      try {
        return KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
      } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
        // Of another kind.
      }
    }
    throw new IllegalArgumentException("damaged, or of a kind that is not read");
  }

  private List<Pem.Block> blocks(String label, String what) {
    List<Pem.Block> found = new ArrayList<>();
    for (Pem.Block block : blocks) {
      if (!block.label().equals(label)) {
        continue;
      }
      if (block.bytes() == null) {
        bad(block, "is damaged", "write it again as PEM");
        return List.of();
      }
      found.add(block);
    }
    if (found.isEmpty()) {
      missing(what, label);
    }
    return found;
  }

  private void missing(String what, String label) {
    problems.error(
        file.at(),
        Quoted.of(file.path().toString())
            + (blocks.isEmpty() ? ": no PEM in it" : ": has no PEM of " + what),
        "name a file with -----BEGIN " + label + "-----");
  }

  private void bad(Pem.Block block, String message, String remedy) {
    problems.error(
        file.at(),
        Quoted.of(file.path().toString()) + " line " + block.line() + ": the PEM " + message,
        remedy);
  }

  private static ByteArrayInputStream in(Pem.Block block) {
    return new ByteArrayInputStream(block.bytes());
  }

  private static CertificateFactory x509() {
    try {
      return CertificateFactory.getInstance("X.509");
    } catch (CertificateException e) {
      throw new IllegalStateException("every Java platform has X.509", e);
    }
  }
}
