package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.trust.Credentials;
import java.time.Instant;
import java.util.Optional;

/**
 * The credentials in force: one reference that a reload swaps with the configuration. {@link
 * #credentials} may be called from any thread, {@link #apply} by one at a time.
 */
final class MeshTrust {
  private static final String IDENTITY = "identity";
  private static final String TRUST = "trust";

  private final Metrics metrics;
  private volatile Optional<Credentials> credentials = Optional.empty();

  MeshTrust(Metrics metrics) {
    this.metrics = metrics;
  }

  /** Empty without {@code mesh.identity}: links are of protocol v1 then. */
  Optional<Credentials> credentials() {
    return credentials;
  }

  /** Puts them in force. */
  void apply(Optional<Credentials> next) {
    credentials = next;
    expiry(IDENTITY, next.map(one -> one.identity().expires()));
    expiry(TRUST, next.flatMap(one -> one.trust().expires()));
  }

  private void expiry(String which, Optional<Instant> end) {
    metrics.unbind(Metric.MESH_CERTIFICATE_EXPIRY, which);
    end.ifPresent(
        instant ->
            metrics.bind(
                Metric.MESH_CERTIFICATE_EXPIRY, () -> (double) instant.getEpochSecond(), which));
  }
}
