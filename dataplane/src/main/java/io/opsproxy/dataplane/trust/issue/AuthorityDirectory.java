package io.opsproxy.dataplane.trust.issue;

import io.opsproxy.dataplane.trust.PemTexts;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.regex.Pattern;

/**
 * An authority as files, {@code ca.crt} and {@code ca.key}, and what it issues. Messages of its
 * exceptions are for people.
 */
public final class AuthorityDirectory {
  private static final Pattern DOMAIN = Pattern.compile("[a-z0-9._-]{1,255}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,63}");
  private static final String SPIFFE = "spiffe://";

  /** Clocks of peers differ a little: what is new is not too new for anyone. */
  private static final Duration BACKDATED = Duration.ofMinutes(5);

  private final Path directory;

  public AuthorityDirectory(Path directory) {
    this.directory = directory;
  }

  public Path certificateFile() {
    return directory.resolve("ca.crt");
  }

  public Path keyFile() {
    return directory.resolve("ca.key");
  }

  /**
   * Makes the authority.
   *
   * @param domain of the ids that it will issue
   * @throws IOException with a sentence, also when there is one already
   */
  public void init(String domain, int days) throws IOException {
    if (!DOMAIN.matcher(domain).matches()) {
      throw new IOException(
          "\"" + domain + "\" is no domain; write lower-case letters, digits, dots and hyphens");
    }
    Files.createDirectories(directory);
    for (Path file : List.of(certificateFile(), keyFile())) {
      if (Files.exists(file)) {
        throw new IOException(
            file + " is there already; name another directory, or remove it if nobody needs it");
      }
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Issued own =
        Authority.create(domain, now.minus(BACKDATED), now.plus(Duration.ofDays(days))).own();
    try {
      KeptFiles.writeKey(keyFile(), own.keyPem(), false);
      KeptFiles.writeCertificate(certificateFile(), own.certificatePem(), false);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getFile() + " is there already; nothing was overwritten", e);
    }
  }

  /**
   * Issues for a peer, and writes {@code NAME.crt} and {@code NAME.key}.
   *
   * @param force whether files that are there may be replaced
   * @return the id
   * @throws IOException with a sentence
   */
  public String issue(String name, int days, Path out, boolean force) throws IOException {
    if (!NAME.matcher(name).matches() || name.equals("ca")) {
      throw new IOException(
          "\""
              + name
              + "\" is no name for a peer; write up to 64 letters, digits, dots, hyphens and"
              + " underscores, and not ca");
    }
    Authority authority = read();
    String id = SPIFFE + domain(authority) + "/peer/" + name;
    Path certificate = out.resolve(name + ".crt");
    Path key = out.resolve(name + ".key");
    Files.createDirectories(out);
    for (Path file : List.of(certificate, key)) {
      if (!force && Files.exists(file)) {
        throw new IOException(file + " is there already; --force replaces it");
      }
    }
    Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    Instant end = now.plus(Duration.ofDays(days));
    Instant last = authority.own().certificate().getNotAfter().toInstant();
    if (now.isAfter(last)) {
      throw new IOException(
          certificateFile() + " has expired at " + last + "; make a new authority: trust init");
    }
    Issued issued = authority.issue(id, now.minus(BACKDATED), end.isBefore(last) ? end : last);
    try {
      KeptFiles.writeKey(key, issued.keyPem(), force);
      KeptFiles.writeCertificate(certificate, issued.certificatePem(), force);
    } catch (FileAlreadyExistsException e) {
      throw new IOException(e.getFile() + " is there already; --force replaces it", e);
    }
    return id;
  }

  private Authority read() throws IOException {
    X509Certificate certificate = PemTexts.certificates(certificateFile()).get(0);
    PrivateKey key = PemTexts.key(keyFile());
    return new Authority(new Issued(certificate, key));
  }

  private String domain(Authority authority) throws IOException {
    return authority
        .domain()
        .orElseThrow(
            () ->
                new IOException(
                    certificateFile()
                        + " names no domain (spiffe://DOMAIN); trust init makes one that does"));
  }
}
