package io.opsproxy.dataplane.config.problem;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects everything that is found, so that one run shows all of it. Not thread-safe; one for each
 * load.
 */
public final class Problems {
  /** More than anyone reads; keeps a hostile file from filling the memory with messages. */
  private static final int MAX_KEPT = 1000;

  private final Strictness strictness;
  private final List<Entry> entries = new ArrayList<>();
  private int errors;
  private int dropped;

  private record Entry(Source at, Problem problem) {}

  public Problems() {
    this(Strictness.USUAL);
  }

  /**
   * @param strictness what unknown keys are
   */
  public Problems(Strictness strictness) {
    this.strictness = strictness;
  }

  /**
   * A key that nobody knows.
   *
   * @param nearest the known one that was probably meant; null when none is near
   * @param usually whether it is an error where neither strictness nor leniency is asked for
   */
  public void unknownKey(Source at, String message, String nearest, boolean usually) {
    String remedy = nearest == null ? "remove it" : "did you mean \"" + nearest + "\"?";
    if (strictness == Strictness.STRICT || (strictness == Strictness.USUAL && usually)) {
      error(at, message, remedy);
    } else {
      warning(at, message, remedy);
    }
  }

  public void error(Source at, String message, String remedy) {
    errors++;
    add(Problem.Severity.ERROR, at, message, remedy);
  }

  public void warning(Source at, String message, String remedy) {
    add(Problem.Severity.WARNING, at, message, remedy);
  }

  /** How many errors there are so far. */
  public int errors() {
    return errors;
  }

  /** By layer, then file by file in the order of their first problem, and by line. */
  public List<Problem> inOrder() {
    List<Entry> sorted = new ArrayList<>(entries);
    if (sorted.size() > 1) {
      // Made here, because nearly every start has nothing to sort.
      Map<String, Integer> origins = new HashMap<>();
      for (Entry entry : entries) {
        origins.putIfAbsent(entry.at.origin(), origins.size());
      }
      sorted.sort(
          Comparator.comparing((Entry entry) -> entry.at.layer())
              .thenComparingInt(entry -> origins.get(entry.at.origin()))
              .thenComparingInt(entry -> entry.at.line()));
    }
    List<Problem> problems = new ArrayList<>(sorted.size() + 1);
    for (Entry entry : sorted) {
      problems.add(entry.problem);
    }
    if (dropped > 0) {
      problems.add(
          new Problem(
              errors > 0 ? Problem.Severity.ERROR : Problem.Severity.WARNING,
              entries.get(0).at.origin(),
              "",
              0,
              dropped + " more problems are not shown",
              "mend those shown and check again"));
    }
    return List.copyOf(problems);
  }

  private void add(Problem.Severity severity, Source at, String message, String remedy) {
    if (entries.size() == MAX_KEPT) {
      dropped++;
      return;
    }
    entries.add(
        new Entry(at, new Problem(severity, at.origin(), at.path(), at.line(), message, remedy)));
  }
}
