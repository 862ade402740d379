package io.opsproxy.dataplane.cluster;

/**
 * How one check of an endpoint ended.
 *
 * @param why one clause for logs, such as {@code GET /healthz: status 500}
 */
record CheckResult(Kind kind, String why) {

  /** What a result means to the thresholds. */
  enum Kind {
    PASSED,
    /** Refused, reset, or no sense in the answer; Envoy's NETWORK. */
    NETWORK,
    /** No result in time; Envoy's NETWORK_TIMEOUT. */
    TIMEOUT,
    /** A status of {@code retriable_statuses}. */
    RETRIABLE,
    /** Answered, and the answer is that it is not well; Envoy's ACTIVE. Needs no second one. */
    UNHEALTHY;

    boolean passed() {
      return this == PASSED;
    }
  }

  static CheckResult network(String why) {
    return new CheckResult(Kind.NETWORK, why);
  }

  boolean passed() {
    return kind.passed();
  }
}
