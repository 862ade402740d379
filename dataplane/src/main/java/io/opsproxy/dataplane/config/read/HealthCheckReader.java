package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.HealthCheck.Http;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.model.HealthCheck.StatusRange;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.HealthCheckKeys;
import io.opsproxy.dataplane.config.schema.UpstreamKeys;
import io.opsproxy.dataplane.config.schema.YamlSection;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code health_checks:}, which the peer's own files and those of Envoy write alike. */
public final class HealthCheckReader {
  private final boolean envoy;
  private final Transports transports;
  private final Problems problems;

  /** What a check speaks over, where the file says so beside the check. */
  @FunctionalInterface
  public interface Transports {
    /** Nothing is said. */
    Transports NONE = check -> Optional.empty();

    /** That of this check; empty when it is said in the check itself, if at all. */
    Optional<Transport> of(YamlSection check);
  }

  /**
   * What is said beside a check.
   *
   * @param ca whose certificates are believed; empty when they are not verified
   */
  public record Transport(Scheme scheme, Optional<Path> ca, Optional<String> serverName) {}

  /**
   * @param envoy whether to speak of what Envoy itself makes of the file
   */
  HealthCheckReader(boolean envoy, Transports transports, Problems problems) {
    this.envoy = envoy;
    this.transports = transports;
    this.problems = problems;
  }

  List<HealthCheck> read(YamlSection service, String subject) {
    List<HealthCheck> checks = new ArrayList<>();
    for (YamlSection section :
        service.sections(UpstreamKeys.HEALTH_CHECKS, HealthCheckKeys.CHECK)) {
      Optional<HealthCheck> check = readCheck(section, subject + " health check");
      if (check.isPresent()) {
        checks.add(check.get());
      }
    }
    return checks;
  }

  private Optional<HealthCheck> readCheck(YamlSection section, String subject) {
    Optional<Sourced<Duration>> timeout = section.required(HealthCheckKeys.TIMEOUT, subject);
    Optional<Sourced<Duration>> interval = section.required(HealthCheckKeys.INTERVAL, subject);
    Optional<Duration> unhealthyInterval =
        section.readValue(HealthCheckKeys.UNHEALTHY_INTERVAL, subject + " unhealthy_interval ");
    Duration jitter =
        section.readOrDefault(HealthCheckKeys.INTERVAL_JITTER, subject + " interval_jitter ");
    int percent =
        section.readOrDefault(
            HealthCheckKeys.INTERVAL_JITTER_PERCENT, subject + " interval_jitter_percent ");
    int unhealthy = threshold(section, HealthCheckKeys.UNHEALTHY_THRESHOLD, subject);
    int healthy = threshold(section, HealthCheckKeys.HEALTHY_THRESHOLD, subject);
    boolean tcp = section.has(HealthCheckKeys.TCP_CHECK);
    section.section(HealthCheckKeys.TCP_CHECK, HealthCheckKeys.TCP);
    Optional<Http> http = readHttp(section, subject);
    if (!tcp && !section.has(HealthCheckKeys.HTTP_CHECK)) {
      problems.error(
          section.at(),
          subject + " does not say how to check",
          "add http_health_check: {path: /healthz} or tcp_health_check: {}");
    }
    if (timeout.isEmpty() || interval.isEmpty()) {
      return Optional.empty();
    }
    Duration pause = interval.get().value();
    return Optional.of(
        new HealthCheck(
            timeout.get().value(),
            pause,
            unhealthyInterval.orElse(pause),
            jitter,
            percent,
            unhealthy,
            healthy,
            http,
            tcp));
  }

  /** Envoy has no default for either: its health_check.proto requires both. */
  private int threshold(YamlSection section, ConfigKey<Integer> key, String subject) {
    if (envoy && !section.has(key)) {
      problems.warning(
          section.at(),
          subject
              + " has no "
              + key.name()
              + ", which Envoy requires; "
              + key.fallback()
              + " holds",
          "add " + key.name() + ": " + key.fallback());
    }
    return section.readOrDefault(key, subject + " " + key.name() + " ");
  }

  private Optional<Http> readHttp(YamlSection check, String subject) {
    if (!check.has(HealthCheckKeys.HTTP_CHECK)) {
      return Optional.empty();
    }
    YamlSection section = check.section(HealthCheckKeys.HTTP_CHECK, HealthCheckKeys.HTTP);
    Optional<Sourced<String>> path = section.required(HealthCheckKeys.HTTP_PATH, subject);
    List<StatusRange> expected =
        statuses(section, HealthCheckKeys.EXPECTED_STATUSES, subject + " expected_statuses");
    List<StatusRange> retriable =
        statuses(section, HealthCheckKeys.RETRIABLE_STATUSES, subject + " retriable_statuses");
    Optional<String> host = section.readValue(HealthCheckKeys.HTTP_HOST, subject + " host ");
    Optional<Transport> beside =
        section.has(HealthCheckKeys.SCHEME) ? Optional.empty() : transports.of(check);
    Scheme written = section.readOrDefault(HealthCheckKeys.SCHEME, subject + " scheme ");
    Scheme scheme = beside.map(Transport::scheme).orElse(written);
    Optional<Path> ca =
        section
            .readValue(HealthCheckKeys.CA, subject + " ca ")
            .or(() -> beside.flatMap(Transport::ca));
    Optional<String> serverName =
        section
            .readValue(HealthCheckKeys.SERVER_NAME, subject + " server_name ")
            .or(() -> beside.flatMap(Transport::serverName));
    Optional<Boolean> skipVerify =
        section.readValue(HealthCheckKeys.INSECURE_SKIP_VERIFY, subject + " insecure_skip_verify ");
    // Envoy's file has no place for a CA: a check that demanded one would fail where Envoy's, in
    // plain text, never looked at a certificate.
    boolean unverified = skipVerify.orElse(envoy && ca.isEmpty());
    if (envoy) {
      tellOfEnvoy(
          check, beside.isPresent() || section.has(HealthCheckKeys.SCHEME), subject, unverified);
    }
    return Optional.of(
        new Http(
            path.isPresent() ? path.get().value() : "/",
            host,
            expected.isEmpty() ? StatusRange.OK : expected,
            retriable,
            scheme,
            ca,
            serverName,
            unverified));
  }

  /** data-plane semantics: Envoy checks over the cluster's transport, here plain text. */
  private void tellOfEnvoy(
      YamlSection check, boolean transportSaid, String subject, boolean unverified) {
    if (!transportSaid) {
      problems.warning(
          check.at(HealthCheckKeys.HTTP_CHECK),
          subject
              + " would be plain text in Envoy, which a TLS port refuses; here the check finds out"
              + " whether the endpoint speaks TLS"
              + (unverified ? " and does not verify its certificate" : ""),
          "add scheme: https and ca: FILE to verify it, or scheme: http");
    }
    if (check.has(HealthCheckKeys.TCP_CHECK)) {
      problems.warning(
          check.at(HealthCheckKeys.TCP_CHECK),
          subject
              + " has both http_health_check and tcp_health_check, of which Envoy takes only one;"
              + " here both must pass",
          "for Envoy, write two items under health_checks");
    }
  }

  private List<StatusRange> statuses(YamlSection http, ConfigKey<?> key, String subject) {
    List<StatusRange> ranges = new ArrayList<>();
    for (YamlSection section : http.sections(key, HealthCheckKeys.STATUSES)) {
      Optional<Sourced<Integer>> start = section.required(HealthCheckKeys.STATUS_START, subject);
      Optional<Sourced<Integer>> end = section.required(HealthCheckKeys.STATUS_END, subject);
      if (start.isPresent() && end.isPresent()) {
        addRange(ranges, start.get().value(), end.get(), subject);
      }
    }
    return ranges;
  }

  private void addRange(List<StatusRange> ranges, int start, Sourced<Integer> end, String subject) {
    int last = end.value();
    if (start >= last) {
      problems.error(
          end.at(),
          subject + " " + start + " to " + last + " is empty, because end does not belong to it",
          "write end: " + (start + 1) + " for the status " + start + " alone");
      return;
    }
    if (last % 100 == 99) {
      problems.warning(
          end.at(),
          subject + " " + start + " to " + last + ": " + last + " not included, as in Envoy",
          "write end: " + (last + 1) + " to include it");
    }
    ranges.add(new StatusRange(start, last));
  }
}
