package io.opsproxy.dataplane.admin;

import io.opsproxy.dataplane.trust.PeerId;
import java.math.BigInteger;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * {@code /certs}: Envoy's {@code admin.v3.Certificates}. TLS of clients passes through, so the only
 * certificates are those by which this peer is known to others.
 */
final class CertsPage {
  private CertsPage() {}

  static Page render(List<X509Certificate> chain) {
    List<JsonTree> all =
        chain.isEmpty()
            ? List.of()
            : List.of(new JsonTree().put("cert_chain", JsonTree.each(chain, CertsPage::one)));
    return new JsonTree().put("certificates", all).page();
  }

  private static JsonTree one(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    long days = Math.max(0, Duration.between(Instant.now(), end).toDays());
    List<JsonTree> names =
        PeerId.of(certificate).stream().map(id -> new JsonTree().put("uri", id.value())).toList();
    BigInteger serial = certificate.getSerialNumber();
    return new JsonTree()
        .put("serial_number", serial.toString(16))
        .put("subject_alt_names", names)
        // 64-bit numbers are strings in the JSON of protobuf
        .put("days_until_expiration", Long.toString(days))
        .put("valid_from", certificate.getNotBefore().toInstant())
        .put("expiration_time", end);
  }
}
