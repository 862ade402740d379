package io.opsproxy.operator.observe;

import java.util.function.LongSupplier;

/**
 * When a pod is to be told to look at its ConfigMap. The kubelet refreshes the volume of a pod as
 * soon as an annotation of the pod changes, but it may see that change before that of the
 * ConfigMap; so it is told again, with growing pauses, until the pod runs what it should. Not
 * thread-safe.
 */
final class Nudge {
  private static final long[] PAUSES = seconds(1, 2, 4, 8, 15);

  private final LongSupplier nanos;
  private String hash = "";
  private int attempts;
  private long next;

  /**
   * @param nanos a clock such as System::nanoTime
   */
  Nudge(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /**
   * What the annotation is to say now; empty when it is to be left as it is. A pod that goes on
   * saying that it refuses the configuration has seen it: telling it again changes nothing.
   *
   * @param wanted hash of the configuration that the pod is to run
   * @param running the one that it reports; empty when it is not known
   * @param refuses whether it reports that it does not take the configuration on its disk
   * @param annotation as it is
   */
  String due(String wanted, String running, boolean refuses, String annotation) {
    long now = nanos.getAsLong();
    if (!wanted.equals(hash)) {
      hash = wanted;
      attempts = 0;
      next = now;
    }
    boolean told = annotation.equals(wanted) || annotation.startsWith(wanted + "#");
    // A pod that has not answered yet may well run it already.
    boolean settled = running.isEmpty() || running.equals(wanted);
    boolean refused = refuses && told && attempts >= PAUSES.length;
    if (settled ? told : refused || now - next < 0) {
      return "";
    }
    if (attempts == 0 && told) {
      // By an operator before this one; go on counting where it stopped.
      int mark = annotation.indexOf('#');
      attempts = mark < 0 ? 1 : number(annotation.substring(mark + 1));
    }
    attempts++;
    next = now + PAUSES[Math.min(attempts, PAUSES.length) - 1];
    return attempts == 1 ? wanted : wanted + "#" + attempts;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 1;
    }
  }

  private static long[] seconds(long... seconds) {
    long[] pauses = new long[seconds.length];
    for (int i = 0; i < seconds.length; i++) {
      pauses[i] = seconds[i] * 1_000_000_000L;
    }
    return pauses;
  }
}
