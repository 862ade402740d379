package io.opsproxy.api.schema;

import java.util.Collection;
import java.util.Locale;

/** Speaks of fields that no schema has: most are misspelt. */
final class Unknown {
  private Unknown() {}

  static Violation field(String path, String name, Collection<String> known) {
    String nearest = nearest(name, known);
    String guess = nearest == null ? "" : "; did you mean \"" + nearest + "\"?";
    return new Violation(path, "unknown field \"" + path + "\"" + guess);
  }

  /** The known name at the least edit distance, or null when none is near. */
  static String nearest(String name, Collection<String> known) {
    String nearest = null;
    int least = Integer.MAX_VALUE;
    for (String candidate : known) {
      int distance = distance(name.toLowerCase(Locale.ROOT), candidate.toLowerCase(Locale.ROOT));
      // Two letters in five may be wrong: beyond that the guess confuses more than it helps.
      if (distance < least && distance * 5 <= Math.max(name.length(), candidate.length()) * 2) {
        least = distance;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Insertions, deletions and replacements that turn one into the other. */
  private static int distance(String a, String b) {
    int[] last = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(last[j], row[j - 1]) + 1);
      }
      last = row;
    }
    return last[b.length()];
  }
}
