package io.opsproxy.dataplane.config.value;

import java.util.List;
import java.util.Locale;

/** Finds what a misspelt word was probably meant to be. */
public final class Nearest {
  /** Longer words are no misspellings of keys; also bounds the work on hostile files. */
  private static final int MAX_LENGTH = 64;

  private Nearest() {}

  /** The candidate at the least edit distance, or null when none is near. */
  public static String of(String word, List<String> candidates) {
    if (word.length() > MAX_LENGTH) {
      return null;
    }
    String lower = word.toLowerCase(Locale.ROOT).replace('-', '_');
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance = distance(lower, candidate);
      // Two letters in five may be wrong: beyond that the guess confuses more than it helps.
      if (distance < least && distance * 5 <= Math.max(lower.length(), candidate.length()) * 2) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
  static int distance(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] spare = beforeLast;
      beforeLast = last;
      last = row;
      row = spare;
    }
    return last[b.length()];
  }
}
