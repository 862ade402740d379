package io.opsproxy.operator.render;

import io.opsproxy.operator.status.Finding;
import java.util.Comparator;
import java.util.Optional;

/**
 * One object at its peer, judged by itself: a route, or why there is none.
 *
 * @param kind of the object
 * @param key of the object
 * @param generation of the object; null outside a cluster
 * @param created RFC 3339 in UTC, which sorts as text; empty for an object that is in no cluster
 * @param resolvedRefs of its status
 * @param route what it asks for; empty when it is refused
 * @param refusal why it cannot be served, whoever else there is; empty when it can
 */
record Proposal(
    String kind,
    ObjectKey key,
    Long generation,
    String created,
    Finding resolvedRefs,
    Optional<Route> route,
    Optional<Finding> refusal) {
  /** The oldest comes first, ties by namespace and name: the rule of the Gateway API. */
  static final Comparator<Proposal> OLDEST_FIRST =
      Comparator.comparing(Proposal::created).thenComparing(Proposal::key);

  /** As people write it. */
  String object() {
    return kind + " " + key;
  }
}
