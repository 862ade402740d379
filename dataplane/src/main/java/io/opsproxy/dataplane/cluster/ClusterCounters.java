package io.opsproxy.dataplane.cluster;

import java.util.concurrent.atomic.LongAdder;

/**
 * What one cluster has counted; its successor after a reload counts on. Their meanings are those of
 * {@link ClusterStats}.
 */
record ClusterCounters(
    LongAdder panicPicks,
    LongAdder noneHealthy,
    LongAdder retries,
    LongAdder ejections,
    LongAdder ejectionsOverflow,
    LongAdder checks,
    LongAdder checksFailed) {

  ClusterCounters() {
    this(
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder(),
        new LongAdder());
  }
}
