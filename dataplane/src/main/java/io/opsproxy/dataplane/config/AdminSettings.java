package io.opsproxy.dataplane.config;

import java.util.Optional;

/**
 * The {@code admin:} section: pages in Envoy's shapes.
 *
 * @param address where they are served; empty means not at all. Loopback unless the configuration
 *     says otherwise
 */
public record AdminSettings(Optional<BindAddress> address) {}
