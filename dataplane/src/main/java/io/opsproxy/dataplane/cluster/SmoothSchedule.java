package io.opsproxy.dataplane.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * The order of a weighted round robin, laid out once for all its slots: with weights 3 and 1 it is
 * A A B A, not A A A B. Envoy's earliest-deadline scheduler: the one with the least deadline is
 * next, and its next deadline is {@code 1/weight} later; the older entry goes first where two are
 * equal.
 */
final class SmoothSchedule {
  /** {@code count / weight} is the deadline; kept as a fraction, so that equal is equal. */
  private record Entry(Endpoint endpoint, long count, int weight, int order) {
    static int compareDeadlines(Entry a, Entry b) {
      return Long.compare(a.count * b.weight, b.count * a.weight);
    }
  }

  private SmoothSchedule() {}

  /** One slot for each unit of weight, after the common divisor is taken out. */
  static Endpoint[] of(List<Endpoint> endpoints) {
    int divisor = 0;
    for (Endpoint endpoint : endpoints) {
      divisor = gcd(endpoint.weight(), divisor);
    }
    PriorityQueue<Entry> queue =
        new PriorityQueue<>(
            ((Comparator<Entry>) Entry::compareDeadlines).thenComparingInt(Entry::order));
    int order = 0;
    int slots = 0;
    for (Endpoint endpoint : endpoints) {
      int weight = endpoint.weight() / divisor;
      queue.add(new Entry(endpoint, 1, weight, order++));
      slots += weight;
    }
    Endpoint[] schedule = new Endpoint[slots];
    for (int slot = 0; slot < slots; slot++) {
      Entry first = queue.remove();
      schedule[slot] = first.endpoint;
      queue.add(new Entry(first.endpoint, first.count + 1, first.weight, order++));
    }
    return schedule;
  }

  private static int gcd(int a, int b) {
    return b == 0 ? a : gcd(b, a % b);
  }
}
