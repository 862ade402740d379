package io.opsproxy.operator.identity;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.dataplane.trust.issue.Authority;
import io.opsproxy.operator.render.Issuer;
import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The authority that the operator issues with, in a Secret of its namespace: made once, read again
 * every hour, renewed by {@link AuthorityKeys}. Its key is in that Secret and in the memory of this
 * process, and nowhere else. Thread-safe.
 */
public final class OperatorAuthority {
  private static final Logger log = LoggerFactory.getLogger(OperatorAuthority.class);

  private static final Duration READ_AGAIN = Duration.ofHours(1);

  private final KubernetesClient client;
  private final ObjectKey secret;
  private final Optional<String> said;
  private final Supplier<String> fresh;
  private final InstantSource clock;
  private AuthorityKeys keys;
  private Current current;
  private Instant due = Instant.EPOCH;

  /**
   * What issues now.
   *
   * @param issuer as configurations have it
   */
  record Current(Authority authority, Issuer issuer) {}

  /**
   * @param said the domain of the ids; empty for that of the authority
   * @param fresh the domain of an authority that has to be made
   */
  public OperatorAuthority(
      KubernetesClient client,
      ObjectKey secret,
      Optional<String> said,
      Supplier<String> fresh,
      InstantSource clock) {
    this.client = client;
    this.secret = secret;
    this.said = said;
    this.fresh = fresh;
    this.clock = clock;
  }

  /**
   * The one that issues now; makes it when there is none.
   *
   * @throws IOException with a sentence
   * @throws KubernetesClientException as the API server says
   */
  synchronized Current current() throws IOException {
    Instant now = clock.instant();
    if (current == null || !now.isBefore(due)) {
      keys = read(now);
      Authority issues = new Authority(keys.current());
      current = new Current(issues, new Issuer(domain(issues), keys.bundle()));
      due = now.plus(READ_AGAIN);
    }
    return current;
  }

  /** It outlives what it was made of: peers keep their ids. */
  private String domain(Authority authority) {
    return said.or(authority::domain).orElseGet(fresh);
  }

  private AuthorityKeys read(Instant now) throws IOException {
    Secret found = get();
    if (found == null) {
      // One that was deleted by mistake comes back as it was, while we still know it.
      AuthorityKeys made = keys == null ? AuthorityKeys.first(said.orElseGet(fresh), now) : keys;
      found = create(made);
    }
    AuthorityKeys stored;
    try {
      stored = AuthoritySecret.read(found);
    } catch (IOException e) {
      throw new IOException("Secret " + secret + ": " + e.getMessage(), e);
    }
    AuthorityKeys wanted = stored.at(now, domain(new Authority(stored.current())));
    if (!wanted.equals(stored)) {
      Secret renewed = AuthoritySecret.of(secret, wanted);
      renewed.getMetadata().setResourceVersion(found.getMetadata().getResourceVersion());
      client.resource(renewed).update();
      log.info("the authority in Secret {} is renewed", secret);
    }
    return wanted;
  }

  private Secret get() {
    return client.secrets().inNamespace(secret.namespace()).withName(secret.name()).get();
  }

  private Secret create(AuthorityKeys made) {
    try {
      Secret created = client.resource(AuthoritySecret.of(secret, made)).create();
      log.info("made an authority for the peers of this cluster, in Secret {}", secret);
      return created;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        // Another operator was faster.
        return get();
      }
      throw e;
    }
  }
}
