package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.trust.Verdict.Admitted;
import io.opsproxy.dataplane.trust.Verdict.Refused;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Whom this peer believes, and for what: {@code mesh.trust}, {@code mesh.revoked} and {@code
 * mesh.crl} of one configuration. Immutable but for what it remembers of those it has admitted; for
 * any thread.
 */
public final class Trust {
  private static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";
  private static final String ANY_USE = "2.5.29.37.0";

  private final List<TrustEntry> entries;
  private final Revocations revocations;
  private final KnownPeers known = new KnownPeers();

  Trust(List<TrustEntry> entries, Revocations revocations) {
    this.entries = List.copyOf(entries);
    this.revocations = revocations;
  }

  /**
   * Whether the holder of these certificates may link. That it holds the key of the first one is
   * for the caller to have seen.
   *
   * @param chain its certificate first, then others in any order, as it has shown them; may be
   *     empty
   */
  public Verdict admit(List<X509Certificate> chain, Instant now) {
    if (chain.isEmpty()) {
      return noCertificate();
    }
    KnownPeers.Key key = KnownPeers.Key.of(chain);
    KnownPeers.Known found = known.get(key);
    if (found == null) {
      Inquiry inquiry = new Inquiry(chain, now);
      Refused refused = inquiry.refusal();
      if (refused != null) {
        return refused;
      }
      found = new KnownPeers.Known(inquiry.id, inquiry.validity, inquiry.grant);
      known.put(key, found);
    }
    if (!found.validity().holds(now)) {
      return new Refused(
          Refusal.EXPIRED,
          Optional.of(found.id()),
          "peer " + found.id() + ": its certificate is " + found.validity().problem(now),
          "renew the certificate of the peer or of its authority; compare the clocks");
    }
    return new Admitted(found.id(), found.validity().notAfter(), found.grant());
  }

  /** When the first authority of this peer's trust ends; empty without any. */
  public Optional<Instant> expires() {
    return entries.stream()
        .flatMap(entry -> entry.authorities().certificates().stream())
        .map(authority -> authority.getNotAfter().toInstant())
        .min(Instant::compareTo);
  }

  /** What is said of a peer that shows nothing. */
  static Refused noCertificate() {
    return new Refused(
        Refusal.NO_CERTIFICATE,
        Optional.empty(),
        "the peer showed no certificate",
        "give it mesh.identity");
  }

  /** One look at a chain that has not been admitted yet. */
  private final class Inquiry {
    private final List<X509Certificate> chain;
    private final Instant now;
    private PeerId id;
    private Validity validity;
    private Grant grant;

    private Inquiry(List<X509Certificate> chain, Instant now) {
      this.chain = chain;
      this.now = now;
    }

    /** Null when the rest is filled in, and nothing but the time may speak against it. */
    private Refused refusal() {
      X509Certificate leaf = chain.get(0);
      Optional<PeerId> claimed = PeerId.of(leaf);
      if (claimed.isEmpty()) {
        return refused(
            Refusal.UNTRUSTED,
            claimed,
            "has no SPIFFE URI and no DNS name, or more than one SPIFFE URI",
            "issue a certificate with one id; ops-proxy trust issue does");
      }
      id = claimed.get();
      if (leaf.getBasicConstraints() >= 0 || !isForPeers(leaf)) {
        return refused(
            Refusal.UNTRUSTED,
            claimed,
            "is not one of a peer",
            "issue it for client and server use; ops-proxy trust issue does");
      }
      boolean chains = false;
      for (TrustEntry entry : entries) {
        Optional<Authorities.Path> path = entry.authorities().find(chain, now);
        if (path.isEmpty()) {
          continue;
        }
        chains = true;
        Optional<String> revoked = revocations.find(id, path.get().chain());
        if (revoked.isPresent()) {
          return refused(
              Refusal.REVOKED,
              claimed,
              "is " + revoked.get(),
              "issue a new certificate, or take the revocation back");
        }
        if (entry.admits(id)) {
          add(entry.grant(), path.get().validity());
        }
      }
      if (!chains) {
        return refused(
            Refusal.UNTRUSTED,
            claimed,
            "comes from no authority of mesh.trust",
            "add its authority as ca to mesh.trust, or have it issued by one that is there");
      }
      if (grant == null) {
        return refused(
            Refusal.PEER_NOT_ALLOWED,
            claimed,
            "has an id that no entry of mesh.trust for its authority admits",
            "add the id to peers of that entry");
      }
      return null;
    }

    /** Several entries of one authority add up. The way that lasts longest counts. */
    private void add(Grant more, Validity other) {
      grant = grant == null ? more : grant.and(more);
      validity =
          validity == null || other.notAfter().isAfter(validity.notAfter()) ? other : validity;
    }

    private Refused refused(
        Refusal reason, Optional<PeerId> claimed, String message, String remedy) {
      String subject =
          claimed.isPresent() ? "peer " + claimed.get() + ": its certificate " : "a certificate ";
      return new Refused(reason, claimed, subject + message, remedy);
    }
  }

  /**
   * Whether it may be shown at either end of a link: a peer dials and is dialled. Without a list of
   * uses it is for any (RFC 5280 4.2.1.12); so a web server's certificate of the same authority is
   * no peer's.
   */
  public static boolean isForPeers(X509Certificate certificate) {
    boolean[] keyUsage = certificate.getKeyUsage();
    if (keyUsage != null && !keyUsage[0]) {
      return false;
    }
    try {
      List<String> uses = certificate.getExtendedKeyUsage();
      return uses == null
          || uses.contains(ANY_USE)
          || (uses.contains(SERVER_USE) && uses.contains(CLIENT_USE));
    } catch (CertificateParsingException e) {
      return false;
    }
  }
}
