package io.opsproxy.dataplane.config.read;

import static io.opsproxy.dataplane.config.schema.UpstreamKeys.ALWAYS_EJECT_ONE_HOST;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.BASE_EJECTION_TIME;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.CONSECUTIVE_5XX;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.CONSECUTIVE_CONNECT_FAILURES;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.MAX_EJECTION_PERCENT;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.MAX_EJECTION_TIME;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.MIN_HEALTH_PERCENT;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.OUTLIER_DETECTION;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.OUTLIER_INTERVAL;
import static io.opsproxy.dataplane.config.schema.UpstreamKeys.UNEJECT_ON_HEALTHY_CHECK;

import io.opsproxy.dataplane.config.model.OutlierDetection;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.UpstreamKeys;
import io.opsproxy.dataplane.config.schema.YamlSection;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads {@code outlier_detection:}, which the peer's own files and those of Envoy write alike. Its
 * {@code min_health_percent} is Istio's, and means the panic threshold.
 */
final class OutlierReader {
  /** Envoy's max_ejection_time: "the default value is 300s or base_ejection_time, if larger". */
  private static final Duration MAX_EJECTION = Duration.ofMinutes(5);

  private final YamlSection section;
  private final boolean present;
  private final String subject;
  private final Problems problems;

  OutlierReader(YamlSection service, String subject, Problems problems) {
    this.section = service.section(OUTLIER_DETECTION, UpstreamKeys.OUTLIER);
    this.present = service.has(OUTLIER_DETECTION);
    this.subject = subject + " outlier_detection";
    this.problems = problems;
  }

  /** Empty when the section is absent, or turned off by a threshold of 0. */
  Optional<OutlierDetection> read() {
    int failures = failures();
    Duration interval = value(OUTLIER_INTERVAL);
    Duration base = value(BASE_EJECTION_TIME);
    Optional<Sourced<Duration>> most =
        section.read(MAX_EJECTION_TIME, subject + " max_ejection_time ");
    if (most.isPresent() && most.get().value().compareTo(base) < 0) {
      problems.error(
          most.get().at(),
          subject + " max_ejection_time is shorter than base_ejection_time",
          "make it at least as long, or leave it out");
    }
    OutlierDetection detection =
        new OutlierDetection(
            failures,
            interval,
            base,
            most.isPresent()
                ? most.get().value()
                : base.compareTo(MAX_EJECTION) > 0 ? base : MAX_EJECTION,
            value(MAX_EJECTION_PERCENT),
            value(ALWAYS_EJECT_ONE_HOST),
            value(UNEJECT_ON_HEALTHY_CHECK));
    return present && failures > 0 ? Optional.of(detection) : Optional.empty();
  }

  /**
   * The panic threshold: the one that was set, else what {@code min_health_percent} says, else the
   * default.
   */
  int panicThreshold(Optional<Sourced<Integer>> set) {
    Optional<Sourced<Integer>> istio =
        section.read(MIN_HEALTH_PERCENT, subject + " min_health_percent ");
    if (istio.isPresent()) {
      problems.warning(
          istio.get().at(),
          subject
              + " min_health_percent is a field of Istio, not of Envoy; "
              + (set.isPresent()
                  ? "healthy_panic_threshold is set and holds"
                  : "it is taken as healthy_panic_threshold: "
                      + istio.get().value()
                      + ", below which all endpoints are used"),
          "write healthy_panic_threshold");
    }
    return set.or(() -> istio)
        .map(Sourced::value)
        .orElseGet(UpstreamKeys.PANIC_THRESHOLD::fallback);
  }

  private int failures() {
    Optional<Sourced<Integer>> own =
        section.read(CONSECUTIVE_CONNECT_FAILURES, subject + " consecutive_connect_failures ");
    int envoys = value(CONSECUTIVE_5XX);
    if (own.isEmpty()) {
      return envoys;
    }
    if (section.has(CONSECUTIVE_5XX)) {
      problems.warning(
          section.at(CONSECUTIVE_5XX),
          subject + " consecutive_5xx has no effect, because consecutive_connect_failures is set",
          "keep one of the two");
    }
    return own.get().value();
  }

  private <T> T value(ConfigKey<T> key) {
    return section.readOrDefault(key, subject + " " + key.name() + " ");
  }
}
