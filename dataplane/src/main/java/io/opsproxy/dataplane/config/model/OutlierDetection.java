package io.opsproxy.dataplane.config.model;

import java.time.Duration;

/**
 * Ejection of endpoints that fail to connect; Envoy's {@code outlier_detection} as far as it means
 * something for TCP.
 *
 * @param consecutiveConnectFailures failed connects in a row that eject ({@code consecutive_5xx},
 *     default 5)
 * @param interval how often ejected endpoints are looked at for their return (default 10 s)
 * @param baseEjectionTime of the first ejection; the n-th lasts n times as long (default 30 s)
 * @param maxEjectionTime bound of that (default 300 s, or the base when that is longer)
 * @param maxEjectionPercent an endpoint is ejected only if the share of ejected ones with it stays
 *     within this (default 10)
 * @param alwaysEjectOneHost eject one whatever the percentage says (default false)
 * @param unejectOnHealthyCheck an active check that passes ends the ejection at once (default true)
 */
public record OutlierDetection(
    int consecutiveConnectFailures,
    Duration interval,
    Duration baseEjectionTime,
    Duration maxEjectionTime,
    int maxEjectionPercent,
    boolean alwaysEjectOneHost,
    boolean unejectOnHealthyCheck) {}
