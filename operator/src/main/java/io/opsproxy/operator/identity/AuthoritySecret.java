package io.opsproxy.operator.identity;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.opsproxy.dataplane.trust.PemTexts;
import io.opsproxy.dataplane.trust.issue.Issued;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.TlsSecret;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The form of an authority in a Secret. Pure. */
final class AuthoritySecret {
  private static final String NEXT_CERTIFICATE = "next.crt";
  private static final String NEXT_KEY = "next.key";
  private static final String PREVIOUS_CERTIFICATE = "previous.crt";

  private AuthoritySecret() {}

  static Secret of(ObjectKey key, AuthorityKeys keys) {
    Map<String, String> data = new LinkedHashMap<>();
    put(data, TlsSecret.CERTIFICATE, keys.current().certificatePem());
    put(data, TlsSecret.KEY, keys.current().keyPem());
    keys.next()
        .ifPresent(
            next -> {
              put(data, NEXT_CERTIFICATE, next.certificatePem());
              put(data, NEXT_KEY, next.keyPem());
            });
    keys.previous()
        .ifPresent(one -> put(data, PREVIOUS_CERTIFICATE, new Issued(one, null).certificatePem()));
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(key.namespace())
        .withName(key.name())
        .addToLabels(Labels.NAME, "ops-proxy")
        .addToLabels(Labels.MANAGED_BY, Labels.MANAGER)
        .endMetadata()
        .withType(TlsSecret.TYPE)
        .withData(data)
        .build();
  }

  /**
   * @throws IOException with a sentence
   */
  static AuthorityKeys read(Secret secret) throws IOException {
    Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
    Issued current =
        issued(data, TlsSecret.CERTIFICATE, TlsSecret.KEY)
            .orElseThrow(
                () ->
                    new IOException(
                        "has no "
                            + TlsSecret.CERTIFICATE
                            + " and "
                            + TlsSecret.KEY
                            + " of an authority; write them, or delete it for new ones"));
    if (current.certificate().getBasicConstraints() < 0) {
      throw new IOException(
          TlsSecret.CERTIFICATE
              + " is no authority: it may not sign others; write one that is, or delete the"
              + " Secret for a new one");
    }
    Optional<String> previous = text(data, PREVIOUS_CERTIFICATE);
    return new AuthorityKeys(
        current,
        issued(data, NEXT_CERTIFICATE, NEXT_KEY),
        previous.isEmpty()
            ? Optional.empty()
            : Optional.of(PemTexts.certificates(PREVIOUS_CERTIFICATE, previous.get()).get(0)));
  }

  private static Optional<Issued> issued(Map<String, String> data, String certificate, String key)
      throws IOException {
    Optional<String> pem = text(data, certificate);
    Optional<String> keyPem = text(data, key);
    return pem.isEmpty() || keyPem.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Issued(
                PemTexts.certificates(certificate, pem.get()).get(0),
                PemTexts.key(key, keyPem.get())));
  }

  private static void put(Map<String, String> data, String key, String text) {
    data.put(key, TlsSecret.encode(text));
  }

  private static Optional<String> text(Map<String, String> data, String key) {
    return Optional.ofNullable(data.get(key)).map(TlsSecret::decode);
  }
}
