package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The priorities of the endpoints of one service. Envoy's documentation asks for 0 to N without a
 * gap, and Envoy takes others as if the missing levels had no endpoints; so do we, and say so,
 * because mostly one number is wrong.
 */
public final class PriorityLevels {
  private final SortedMap<Integer, Source> first = new TreeMap<>();

  /** Some endpoints have this priority. */
  public void see(int priority, Source at) {
    first.putIfAbsent(priority, at);
  }

  /** Once all were seen. */
  public void check(String subject, Problems problems) {
    int expected = 0;
    for (int priority : first.keySet()) {
      if (priority != expected) {
        problems.warning(
            first.get(priority),
            subject
                + " has endpoints of priority "
                + priority
                + ", but none of priority "
                + expected
                + "; levels are used in their order all the same",
            "number priorities from 0 without a gap");
        return;
      }
      expected++;
    }
  }
}
