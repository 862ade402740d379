package io.opsproxy.dataplane.config.write;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.read.HealthCheckReader;
import io.opsproxy.dataplane.config.schema.HealthCheckKeys;
import java.util.ArrayList;
import java.util.List;

/** Writes the items of {@code health_checks:}; what {@link HealthCheckReader} reads. */
final class HealthCheckWriter {
  private HealthCheckWriter() {}

  static WrittenSection write(HealthCheck check) {
    WrittenSection section = new WrittenSection();
    section.put(HealthCheckKeys.TIMEOUT, check.timeout());
    section.put(HealthCheckKeys.INTERVAL, check.interval());
    if (!check.unhealthyInterval().equals(check.interval())) {
      section.put(HealthCheckKeys.UNHEALTHY_INTERVAL, check.unhealthyInterval());
    }
    section.put(HealthCheckKeys.INTERVAL_JITTER, check.intervalJitter());
    section.put(HealthCheckKeys.INTERVAL_JITTER_PERCENT, check.intervalJitterPercent());
    section.put(HealthCheckKeys.UNHEALTHY_THRESHOLD, check.unhealthyThreshold());
    section.put(HealthCheckKeys.HEALTHY_THRESHOLD, check.healthyThreshold());
    check.http().ifPresent(http -> section.putAnyway(HealthCheckKeys.HTTP_CHECK, write(http)));
    if (check.tcp()) {
      section.putAnyway(HealthCheckKeys.TCP_CHECK, new WrittenSection());
    }
    return section;
  }

  private static WrittenSection write(HealthCheck.Http http) {
    WrittenSection section = new WrittenSection();
    section.put(HealthCheckKeys.HTTP_PATH, http.path());
    section.put(HealthCheckKeys.HTTP_HOST, http.host());
    if (!http.expectedStatuses().equals(HealthCheck.StatusRange.OK)) {
      section.putList(HealthCheckKeys.EXPECTED_STATUSES, ranges(http.expectedStatuses()));
    }
    section.putAll(HealthCheckKeys.RETRIABLE_STATUSES, ranges(http.retriableStatuses()));
    section.put(HealthCheckKeys.SCHEME, http.scheme());
    section.put(HealthCheckKeys.CA, http.ca());
    section.put(HealthCheckKeys.SERVER_NAME, http.serverName());
    section.put(HealthCheckKeys.INSECURE_SKIP_VERIFY, http.insecureSkipVerify());
    return section;
  }

  private static List<WrittenSection> ranges(List<HealthCheck.StatusRange> ranges) {
    List<WrittenSection> sections = new ArrayList<>();
    for (HealthCheck.StatusRange range : ranges) {
      WrittenSection section = new WrittenSection();
      section.put(HealthCheckKeys.STATUS_START, range.start());
      section.put(HealthCheckKeys.STATUS_END, range.end());
      sections.add(section);
    }
    return sections;
  }
}
