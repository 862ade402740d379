package io.opsproxy.dataplane.mesh.v2;

import java.util.BitSet;

/** Takes each number once, in about any order. Any thread. */
final class ReplayWindow {
  /** How far behind the highest one a number may come. */
  static final int WIDTH = 4096;

  private final BitSet seen = new BitSet(WIDTH);
  private long highest;

  /** False when it has been taken before, or may have been. */
  synchronized boolean take(long number) {
    if (number <= 0 || number <= highest - WIDTH || number > highest + (1L << 32)) {
      return false;
    }
    if (number > highest) {
      if (number - highest >= WIDTH) {
        seen.clear();
      } else {
        for (long n = highest + 1; n <= number; n++) {
          seen.clear((int) (n % WIDTH));
        }
      }
      highest = number;
    } else if (seen.get((int) (number % WIDTH))) {
      return false;
    }
    seen.set((int) (number % WIDTH));
    return true;
  }
}
