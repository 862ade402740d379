package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.schema.YamlSection;
import java.time.Duration;
import java.util.Optional;

/**
 * What an Envoy file says about connecting beyond {@code connect_timeout}. A {@code retry_policy}
 * belongs to routes of HTTP; on a cluster or a TcpProxy, where Envoy refuses it, its number and its
 * timeout mean connects here. Where several speak of one cluster, the largest holds.
 *
 * @param attempts in all; {@code 1 + num_retries}
 * @param perTry limit of one attempt
 * @param maxConnectAttempts that field of TcpProxy, which counts only where {@code attempts} is not
 *     said
 */
record EnvoyConnect(
    Optional<Integer> attempts, Optional<Duration> perTry, Optional<Integer> maxConnectAttempts) {
  static final EnvoyConnect NOTHING =
      new EnvoyConnect(Optional.empty(), Optional.empty(), Optional.empty());

  /** Reads the retry policy of a section, if it has one. */
  static EnvoyConnect read(
      YamlSection holder, ConfigKey<Void> key, String subject, Problems problems) {
    YamlSection policy = holder.section(key, EnvoyKeys.RETRY_POLICY);
    if (!holder.has(key)) {
      return NOTHING;
    }
    // Envoy: num_retries defaults to 1 where a policy stands.
    int attempts = 1 + policy.readValue(EnvoyKeys.NUM_RETRIES, subject + " num_retries ").orElse(1);
    Optional<Duration> perTry =
        policy.readValue(EnvoyKeys.PER_TRY_TIMEOUT, subject + " per_try_timeout ");
    problems.warning(
        holder.at(key),
        subject
            + " retry_policy is for HTTP routes, and Envoy refuses it here; it is taken as "
            + attempts
            + " attempts to connect, each on another endpoint"
            + (perTry.isPresent() ? " and of at most " + seconds(perTry.get()) : "")
            + "; nothing else in it has an effect",
        "for Envoy, write max_connect_attempts: " + attempts + " in the TcpProxy");
    return new EnvoyConnect(Optional.of(attempts), perTry, Optional.empty());
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  EnvoyConnect withMaxConnectAttempts(Optional<Integer> most) {
    return new EnvoyConnect(attempts, perTry, most);
  }

  /** Both together. */
  EnvoyConnect merge(EnvoyConnect other) {
    return new EnvoyConnect(
        larger(attempts, other.attempts),
        larger(perTry, other.perTry),
        larger(maxConnectAttempts, other.maxConnectAttempts));
  }

  private static <T extends Comparable<T>> Optional<T> larger(Optional<T> a, Optional<T> b) {
    return a.isPresent() && (b.isEmpty() || a.get().compareTo(b.get()) >= 0) ? a : b;
  }

  /**
   * Attempts for one connection. Where nothing is said they are ours, not Envoy's one: another
   * endpoint costs the client less than an error.
   */
  int attemptsInForce() {
    return attempts.or(() -> maxConnectAttempts).orElseGet(ServiceKeys.CONNECT_ATTEMPTS::fallback);
  }

  /** The limit of one attempt: the shorter of the two. */
  Duration timeoutInForce(Duration connectTimeout) {
    return perTry.filter(limit -> limit.compareTo(connectTimeout) < 0).orElse(connectTimeout);
  }
}
