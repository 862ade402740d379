package io.opsproxy.dataplane.admin;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/**
 * The regular expression of {@code /stats?filter=}, in RE2's syntax, which Envoy uses too: its time
 * is linear in the name that it looks at. What would make its program large is refused.
 */
final class StatsFilter {
  /** Characters that a pattern may have. */
  static final int MAX_LENGTH = 256;

  /** How often counted repetitions may repeat, all of a pattern multiplied. */
  static final int MAX_REPETITIONS = 1000;

  private static final Pattern COUNTED = Pattern.compile("\\{(\\d{1,9})(?:,(\\d{0,9}))?\\}");
  private final Pattern pattern;

  private StatsFilter(Pattern pattern) {
    this.pattern = pattern;
  }

  /**
   * @param text empty for everything
   * @throws IllegalArgumentException with a sentence that says what is wrong with it
   */
  static StatsFilter of(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "filter has " + text.length() + " characters, and may have " + MAX_LENGTH);
    }
    long repetitions = 1;
    var counted = COUNTED.matcher(text);
    while (counted.find()) {
      String most =
          counted.group(2) == null || counted.group(2).isEmpty()
              ? counted.group(1)
              : counted.group(2);
      repetitions = repetitions * Math.max(1, Long.parseLong(most));
      if (repetitions > MAX_REPETITIONS) {
        throw new IllegalArgumentException(
            "filter repeats too often: its counted repetitions may multiply to "
                + MAX_REPETITIONS
                + " at most");
      }
    }
    try {
      return new StatsFilter(Pattern.compile(text));
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "filter is not a regular expression of RE2's syntax: " + e.getMessage(), e);
    }
  }

  /** Whether nothing was asked for. */
  boolean matchesAll() {
    return pattern.pattern().isEmpty();
  }

  /** Whether it is found anywhere in the name. */
  boolean matches(String name) {
    return pattern.matcher(name).find();
  }
}
