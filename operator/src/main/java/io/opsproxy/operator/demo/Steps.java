package io.opsproxy.operator.demo;

import java.util.concurrent.Callable;

/** Steps that are proved one after the other; each is a line that begins with PASS or FAIL. */
final class Steps {
  private static final long PATIENCE_NANOS = 20_000_000_000L;
  private int failed;

  int failed() {
    return failed;
  }

  /**
   * @param proof gives null when it holds, else what is wrong
   */
  void step(String what, Callable<String> proof) {
    long start = System.nanoTime();
    try {
      String problem = proof.call();
      long millis = (System.nanoTime() - start) / 1_000_000;
      if (problem == null) {
        System.out.println("PASS " + what + " (" + millis + " ms)");
        return;
      }
      System.out.println("FAIL " + what + ": " + problem);
    } catch (Exception e) {
      System.out.println("FAIL " + what + ": " + e);
    }
    failed++;
  }

  /** Null once the condition holds; {@code otherwise} when it does not in time. */
  static String await(Callable<Boolean> condition, String otherwise) throws Exception {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        return otherwise;
      }
      Thread.sleep(20);
    }
    return null;
  }
}
