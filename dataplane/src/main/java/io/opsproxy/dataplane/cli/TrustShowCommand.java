package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.trust.PeerId;
import io.opsproxy.dataplane.trust.PemTexts;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code ops-proxy trust show FILE...}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description =
        "Shows the certificates in PEM files. Exit 1 when one is out of date or cannot be read.",
    footer = {"", "Exit codes: 0 shown; 1 one is out of date or cannot be read; 2 wrong usage."})
final class TrustShowCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", arity = "1..*", description = "PEM file with certificates.")
  private List<Path> files;

  @Override
  public Integer call() {
    int code = 0;
    for (Path file : files) {
      try {
        for (X509Certificate certificate : PemTexts.certificates(file)) {
          code |= show(file, certificate);
        }
      } catch (IOException e) {
        code = DaysOption.failed(e);
      }
    }
    return code;
  }

  private static int show(Path file, X509Certificate certificate) {
    Instant now = Instant.now();
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    String state = now.isBefore(from) ? "NOT YET VALID" : now.isAfter(to) ? "EXPIRED" : "valid";
    String id =
        certificate.getBasicConstraints() >= 0
            ? "(an authority)"
            : PeerId.of(certificate).map(PeerId::value).orElse("(none)");
    System.out.println(file);
    System.out.println("  id           " + id);
    System.out.println("  subject      " + name(certificate.getSubjectX500Principal().getName()));
    System.out.println("  issuer       " + name(certificate.getIssuerX500Principal().getName()));
    System.out.println("  serial       " + certificate.getSerialNumber().toString(16));
    System.out.println("  valid        " + from + " to " + to + ", " + state);
    System.out.println("  fingerprint  sha256:" + fingerprint(certificate));
    return state.equals("valid") ? 0 : 1;
  }

  private static String name(String text) {
    return Quoted.sentence(text);
  }

  private static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
