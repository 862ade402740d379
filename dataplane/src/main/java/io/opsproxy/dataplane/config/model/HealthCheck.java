package io.opsproxy.dataplane.config.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One active health check. With both {@code http} and {@code tcp} both must pass, which is what the
 * seed's file means by naming both in one item (Envoy itself takes only one of them).
 *
 * @param timeout of one check
 * @param interval from the end of one check to the start of the next while nothing is changing
 * @param unhealthyInterval the same for an endpoint that is unhealthy
 * @param intervalJitter largest random time added to an interval; zero for none
 * @param intervalJitterPercent the same as a percentage of whichever interval it is added to; both
 *     are drawn and added
 * @param unhealthyThreshold failures in a row that make a healthy endpoint unhealthy, at least 1;
 *     an HTTP answer with an unexpected status does so at once
 * @param healthyThreshold successes in a row that make an unhealthy endpoint healthy, at least 1;
 *     the first check of all needs one
 * @param http ask for a page
 * @param tcp connect
 */
public record HealthCheck(
    Duration timeout,
    Duration interval,
    Duration unhealthyInterval,
    Duration intervalJitter,
    int intervalJitterPercent,
    int unhealthyThreshold,
    int healthyThreshold,
    Optional<Http> http,
    boolean tcp) {

  /** Without jitter in percent. */
  public HealthCheck(
      Duration timeout,
      Duration interval,
      Duration unhealthyInterval,
      Duration intervalJitter,
      int unhealthyThreshold,
      int healthyThreshold,
      Optional<Http> http,
      boolean tcp) {
    this(
        timeout,
        interval,
        unhealthyInterval,
        intervalJitter,
        0,
        unhealthyThreshold,
        healthyThreshold,
        http,
        tcp);
  }

  /**
   * A request for a page.
   *
   * @param path begins with a slash
   * @param host Host header; empty means the endpoint's address
   * @param expectedStatuses statuses that mean healthy; never empty
   * @param retriableStatuses statuses that count towards the unhealthy threshold instead of failing
   *     at once
   * @param scheme whether TLS is spoken
   * @param ca certificates (PEM) that the endpoint's must chain to; empty means the JVM's
   * @param serverName name to verify and to send as SNI; empty means the endpoint's host
   * @param insecureSkipVerify accept any certificate
   */
  public record Http(
      String path,
      Optional<String> host,
      List<StatusRange> expectedStatuses,
      List<StatusRange> retriableStatuses,
      Scheme scheme,
      Optional<Path> ca,
      Optional<String> serverName,
      boolean insecureSkipVerify) {
    public Http {
      expectedStatuses = List.copyOf(expectedStatuses);
      retriableStatuses = List.copyOf(retriableStatuses);
    }
  }

  /**
   * HTTP statuses, half-open as Envoy has it: 200 to 299 is 200 to 298.
   *
   * @param start first that belongs to it
   * @param end first that does not
   */
  public record StatusRange(int start, int end) {
    /** What an answer must be when nothing is said of it: 200. */
    public static final List<StatusRange> OK = List.of(new StatusRange(200, 201));

    /** Whether the status lies in it. */
    public boolean contains(int status) {
      return status >= start && status < end;
    }
  }

  /** How the endpoint is spoken to. */
  public enum Scheme {
    /** TLS is tried first; what the endpoint turns out to speak is remembered. */
    AUTO,
    HTTP,
    HTTPS
  }
}
