package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.model.HealthCheck.StatusRange;
import java.util.List;

/** What the status of an answer means. */
final class HttpStatuses {
  private final HealthCheck.Http http;

  HttpStatuses(HealthCheck.Http http) {
    this.http = http;
  }

  /** Envoy: a status that is both expected and retriable is expected. */
  CheckResult judge(Scheme scheme, int status) {
    CheckResult.Kind kind =
        isIn(http.expectedStatuses(), status)
            ? CheckResult.Kind.PASSED
            : isIn(http.retriableStatuses(), status)
                ? CheckResult.Kind.RETRIABLE
                : CheckResult.Kind.UNHEALTHY;
    String what =
        "GET " + http.path() + (scheme == Scheme.HTTPS ? " over TLS" : "") + ": status " + status;
    return new CheckResult(kind, kind.passed() ? what : what + hint(status));
  }

  private static boolean isIn(List<StatusRange> ranges, int status) {
    return ranges.stream().anyMatch(range -> range.contains(status));
  }

  private static String hint(int status) {
    return switch (status) {
      case 401, 403 ->
          " (it refuses anonymous requests: check a path that it allows to all, such as /readyz or"
              + " /livez, or add "
              + status
              + " to expected_statuses)";
      default -> "";
    };
  }
}
