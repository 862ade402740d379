package io.opsproxy.dataplane.testing;

import io.opsproxy.dataplane.trust.issue.Authority;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CRLException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An authority of a test, with the trust domain {@code mesh.test}, and the files that a peer's
 * configuration names. Every instance is another authority of the same name.
 */
public final class TestAuthority {
  public static final String DOMAIN = "mesh.test";
  private static final Duration DAY = Duration.ofDays(1);

  private final Instant now = Instant.now();
  private final Authority authority =
      Authority.create(DOMAIN, now.minus(DAY), now.plus(Duration.ofDays(100)));

  /** The id of a peer of this domain. */
  public static String id(String name) {
    return "spiffe://" + DOMAIN + "/peer/" + name;
  }

  /** What issues. */
  public Authority authority() {
    return authority;
  }

  /** A certificate of {@link #id}, for thirty days. */
  public Issued issue(String name) {
    return issueFor(id(name), now.minus(DAY), now.plus(Duration.ofDays(30)));
  }

  /** One that has ended an hour ago. */
  public Issued issueExpired(String name) {
    return issueFor(id(name), now.minus(DAY), now.minus(Duration.ofHours(1)));
  }

  /**
   * Any other.
   *
   * @param id a SPIFFE URI, else a DNS name
   */
  public Issued issueFor(String id, Instant from, Instant to) {
    return authority.issue(id, from, to);
  }

  /** PEM of this authority's certificate. */
  public String pem() {
    return authority.own().certificatePem();
  }

  /** PEM of a list that revokes some. */
  public String revoke(X509Certificate... certificates) {
    try {
      return Issued.pem(
          "X509 CRL",
          authority.revoke(List.of(certificates), now.minus(DAY), now.plus(DAY)).getEncoded());
    } catch (CRLException e) {
      throw new AssertionError(e);
    }
  }

  /** Writes {@code ca.crt} into a directory. */
  public Path writeCa(Path directory) {
    return put(directory.resolve("ca.crt"), pem());
  }

  /** Issues for a peer and writes {@code NAME.crt} and {@code NAME.key}. */
  public Issued write(Path directory, String name) {
    return write(directory, name, issue(name));
  }

  /** Writes what was issued as {@code NAME.crt} and {@code NAME.key}. */
  public static Issued write(Path directory, String name, Issued issued) {
    put(directory.resolve(name + ".crt"), issued.certificatePem());
    put(directory.resolve(name + ".key"), issued.keyPem());
    return issued;
  }

  /** Writes a text, whole: nobody sees a part of it. */
  public static Path put(Path file, String text) {
    try {
      Path part = file.resolveSibling(file.getFileName() + ".part");
      Files.writeString(part, text);
      return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
