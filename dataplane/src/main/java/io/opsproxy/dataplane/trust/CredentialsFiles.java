package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.model.IdentitySettings;
import io.opsproxy.dataplane.config.model.MeshSettings;
import io.opsproxy.dataplane.config.model.NamedFile;
import io.opsproxy.dataplane.config.model.TrustSettings;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.read.NamedFiles;
import io.opsproxy.dataplane.config.value.Quoted;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes {@link Credentials} of the files that {@code mesh:} names. Goes on after errors, so that
 * one run finds all of them. One for each load; not thread-safe.
 */
public final class CredentialsFiles {
  /** RFC 5280 5.2.4: a list of changes to another list. */
  private static final String DELTA = "2.5.29.27";

  /** Long enough for a person to act. */
  public static final Duration NEAR_END = Duration.ofDays(7);

  private static final byte[] PROBE = "ops-proxy".getBytes(StandardCharsets.US_ASCII);

  private final MeshSettings mesh;
  private final NamedFiles files;
  private final Problems problems;
  private final InstantSource clock;
  private final Instant now;
  private final Map<NamedFile, Authorities> authorities = new HashMap<>();

  private CredentialsFiles(
      MeshSettings mesh, NamedFiles files, Problems problems, InstantSource clock) {
    this.mesh = mesh;
    this.files = files;
    this.problems = problems;
    this.clock = clock;
    this.now = clock.instant();
  }

  /**
   * Reads them.
   *
   * @param clock what time it is, now and at each handshake
   * @return empty without an identity, and when there are errors, which are reported
   */
  public static Optional<Credentials> read(
      MeshSettings mesh, NamedFiles files, Problems problems, InstantSource clock) {
    if (mesh.identity().isEmpty()) {
      return Optional.empty();
    }
    return new CredentialsFiles(mesh, files, problems, clock).read(mesh.identity().get());
  }

  private Optional<Credentials> read(IdentitySettings settings) {
    int errors = problems.errors();
    Optional<Identity> identity = identity(settings);
    List<TrustEntry> entries = new ArrayList<>();
    for (TrustSettings entry : mesh.trust()) {
      entries.add(
          new TrustEntry(
              authorities.computeIfAbsent(entry.ca(), this::authorities),
              entry.peers(),
              new Grant(entry.names(), entry.transit())));
    }
    List<X509CRL> lists = mesh.crl().map(this::lists).orElse(List.of());
    if (identity.isEmpty() || problems.errors() > errors) {
      return Optional.empty();
    }
    Trust trust = new Trust(entries, new Revocations(new HashSet<>(mesh.revoked()), lists));
    return Optional.of(new Credentials(identity.get(), trust, clock));
  }

  private Optional<Identity> identity(IdentitySettings settings) {
    NamedFile file = settings.certificate();
    List<X509Certificate> chain =
        files
            .text(file)
            .map(text -> new PemFile(file, text, problems).certificates())
            .orElse(List.of());
    Optional<PrivateKey> key =
        files
            .text(settings.key())
            .flatMap(text -> new PemFile(settings.key(), text, problems).key());
    if (chain.isEmpty()) {
      return Optional.empty();
    }
    X509Certificate own = chain.get(0);
    Optional<PeerId> id = PeerId.of(own);
    if (id.isEmpty()) {
      bad(
          file,
          "the certificate has no peer id: no SPIFFE URI and no DNS name, or more than one URI",
          "issue one with an id; ops-proxy trust issue does");
    }
    if (own.getBasicConstraints() >= 0 || !Trust.isForPeers(own)) {
      bad(
          file,
          "the certificate is not for both client and server use",
          "issue it for both; ops-proxy trust issue does");
    }
    Validity validity = Validity.of(chain);
    if (!validity.holds(now)) {
      bad(
          file,
          "the certificate is " + validity.problem(now),
          "renew it, or set the clock of this machine");
    }
    warnOfEnd(file, validity);
    if (key.isEmpty() || id.isEmpty()) {
      return Optional.empty();
    }
    if (!belongs(key.get(), own)) {
      problems.error(
          settings.key().at(),
          Quoted.of(settings.key().path().toString())
              + ": the key does not belong to the certificate "
              + Quoted.of(file.path().toString()),
          "name the key that the certificate was issued for");
      return Optional.empty();
    }
    return Optional.of(new Identity(id.get(), chain, key.get()));
  }

  private void warnOfEnd(NamedFile file, Validity validity) {
    if (validity.holds(now) && !validity.holds(now.plus(NEAR_END))) {
      problems.warning(
          file.at(),
          Quoted.of(file.path().toString())
              + ": ends at "
              + validity.notAfter()
              + "; links are cut then",
          "renew it; a new file is taken without a restart");
    }
  }

  private static boolean belongs(PrivateKey key, X509Certificate certificate) {
    try {
      return Signatures.verify(certificate, PROBE, Signatures.sign(key, PROBE));
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private Authorities authorities(NamedFile file) {
    List<X509Certificate> certificates =
        files
            .text(file)
            .map(text -> new PemFile(file, text, problems).certificates())
            .orElse(List.of());
    boolean current = certificates.isEmpty();
    for (X509Certificate certificate : certificates) {
      boolean[] uses = certificate.getKeyUsage();
      if (certificate.getBasicConstraints() < 0 || (uses != null && !uses[5])) {
        bad(
            file,
            "certificate "
                + Quoted.of(certificate.getSubjectX500Principal().getName())
                + " is no authority: it may not sign others",
            "name the certificate of the authority that issued those of the peers");
      }
      current |= !now.isAfter(certificate.getNotAfter().toInstant());
      warnOfEnd(file, Validity.of(certificate));
    }
    if (!current) {
      problems.warning(
          file.at(),
          Quoted.of(file.path().toString())
              + ": the authority is expired, so nobody of it may link",
          "renew the authority");
    }
    return new Authorities(certificates);
  }

  private List<X509CRL> lists(NamedFile file) {
    List<X509CRL> lists =
        files.text(file).map(text -> new PemFile(file, text, problems).lists()).orElse(List.of());
    for (X509CRL list : lists) {
      if (list.getExtensionValue(DELTA) != null) {
        bad(file, "the revocation list holds changes only", "name the whole list");
      }
      checkSigner(file, list);
      if (list.getNextUpdate() != null && now.isAfter(list.getNextUpdate().toInstant())) {
        problems.warning(
            file.at(),
            Quoted.of(file.path().toString())
                + ": the revocation list should have been replaced at "
                + list.getNextUpdate().toInstant()
                + "; it still holds",
            "put the present list there");
      }
    }
    return lists;
  }

  private void checkSigner(NamedFile file, X509CRL list) {
    String issuer = Quoted.of(list.getIssuerX500Principal().getName());
    boolean named = false;
    for (Authorities all : authorities.values()) {
      for (X509Certificate authority : all.certificates()) {
        if (authority.getSubjectX500Principal().equals(list.getIssuerX500Principal())) {
          named = true;
          if (Revocations.isSignedBy(list, authority)) {
            return;
          }
        }
      }
    }
    if (named) {
      bad(
          file,
          "the revocation list says that it is of " + issuer + ", who has not signed it",
          "name a list that the authority has signed");
    } else {
      problems.warning(
          file.at(),
          Quoted.of(file.path().toString())
              + ": the revocation list of "
              + issuer
              + " belongs to no ca of mesh.trust; it counts for authorities below them only",
          "name the list of an authority of mesh.trust");
    }
  }

  private void bad(NamedFile file, String message, String remedy) {
    problems.error(file.at(), Quoted.of(file.path().toString()) + ": " + message, remedy);
  }
}
