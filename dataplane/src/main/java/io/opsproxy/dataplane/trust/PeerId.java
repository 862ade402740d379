package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.PeerPattern;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Who a peer is: the SPIFFE URI of its certificate, else the first DNS name. Replicas of a peer
 * share it. Visible ASCII characters, at most {@link PeerPattern#MAX_LENGTH} of them.
 *
 * @param value compared as it is: a SPIFFE URI has one spelling, a DNS name is lower-case here
 */
public record PeerId(String value) {
  private static final String SCHEME = "spiffe://";

  /** SPIFFE-ID 2: a trust domain and segments of few characters, no query, no fragment, no port. */
  private static final Pattern SPIFFE =
      Pattern.compile("spiffe://[a-z0-9._-]{1,255}(?:/[A-Za-z0-9._-]+)+");

  private static final int URI = 6;
  private static final int DNS = 2;

  /**
   * The id in a certificate. Empty when it has none, and when it has more than one SPIFFE URI
   * (X509-SVID 2 forbids that: two readers would see two peers), or a bad one.
   */
  public static Optional<PeerId> of(X509Certificate certificate) {
    Collection<List<?>> names;
    try {
      names = certificate.getSubjectAlternativeNames();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
    if (names == null) {
      return Optional.empty();
    }
    String spiffe = null;
    String dns = null;
    for (List<?> name : names) {
      if (!(name.get(1) instanceof String text)) {
        continue;
      }
      int type = (Integer) name.get(0);
      if (type == URI && text.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        if (spiffe != null) {
          return Optional.empty();
        }
        spiffe = text;
      } else if (type == DNS && dns == null) {
        dns = text;
      }
    }
    return spiffe != null ? ofSpiffe(spiffe) : ofDns(dns);
  }

  private static Optional<PeerId> ofSpiffe(String text) {
    boolean legal =
        text.length() <= PeerPattern.MAX_LENGTH
            && SPIFFE.matcher(text).matches()
            && !text.contains("/./")
            && !text.contains("/../")
            && !text.endsWith("/.")
            && !text.endsWith("/..");
    return legal ? Optional.of(new PeerId(text)) : Optional.empty();
  }

  private static Optional<PeerId> ofDns(String text) {
    Optional<HostName> name = text == null ? Optional.empty() : HostName.exact(text);
    return name.isPresent() ? Optional.of(new PeerId(name.get().value())) : Optional.empty();
  }

  @Override
  public String toString() {
    return value;
  }
}
