package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.BindAddress;
import java.util.Optional;

/**
 * The {@code admin:} section.
 *
 * @param address where the pages in Envoy's shapes are, if anywhere
 * @param withStatus whether the status pages are there too, and have no port of their own: nothing
 *     listens that an Envoy file does not name
 */
public record AdminSettings(Optional<BindAddress> address, boolean withStatus) {

  /** Beside a port for the status pages. */
  public AdminSettings(Optional<BindAddress> address) {
    this(address, false);
  }
}
