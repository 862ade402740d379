package io.opsproxy.dataplane.config;

import java.time.Duration;
import java.util.Optional;

/**
 * One listening address. With a fixed {@code service} nothing is sniffed and every connection goes
 * there; otherwise the first bytes decide.
 *
 * @param name unique; shows in logs and status
 * @param address where to listen
 * @param service fixed route: a name that {@code services} or a remote peer serves
 * @param defaultService where a connection goes whose bytes name nothing known, or that stays
 *     silent for {@code detectTimeout}; never together with {@code service}
 * @param detectTimeout how long a silent client waits for the default route (default 3 s); no
 *     effect without one
 */
public record ListenerConfig(
    String name,
    BindAddress address,
    Optional<HostName> service,
    Optional<HostName> defaultService,
    Duration detectTimeout) {}
