package io.opsproxy.dataplane.cluster;

/**
 * The state and the counters of one cluster at one moment; Envoy's name of each stands beside it.
 *
 * @param endpoints {@code membership_total}
 * @param eligible {@code membership_healthy}: those that new connections may go to
 * @param inPanic whether all endpoints of a priority are used because too few are healthy
 * @param panicPicks {@code lb_healthy_panic}
 * @param noneHealthy {@code upstream_cx_none_healthy}
 * @param retries {@code upstream_rq_retry}: connects to a further endpoint
 * @param connectionsOverflow {@code upstream_cx_overflow}
 * @param pendingOverflow {@code upstream_rq_pending_overflow}
 * @param retriesOverflow {@code upstream_rq_retry_overflow}
 * @param ejected {@code outlier_detection.ejections_active}
 * @param ejections {@code outlier_detection.ejections_enforced_total}
 * @param ejectionsOverflow {@code outlier_detection.ejections_overflow}
 * @param checks {@code health_check.attempt}: those that have ended
 * @param checksFailed {@code health_check.failure}
 */
public record ClusterStats(
    int endpoints,
    int eligible,
    boolean inPanic,
    long panicPicks,
    long noneHealthy,
    long retries,
    long connectionsOverflow,
    long pendingOverflow,
    long retriesOverflow,
    int ejected,
    long ejections,
    long ejectionsOverflow,
    long checks,
    long checksFailed) {}
