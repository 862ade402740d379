package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.Optional;

/**
 * How the text of a key, a variable or a flag becomes a value. Subclasses instead of lambdas: they
 * cost less at start-up.
 *
 * @param <T> the value's type
 */
public abstract class ValueType<T> {
  private final String label;
  private final String remedy;

  /**
   * @param label what the reference calls it
   * @param remedy what the person who wrote a bad value should write
   */
  public ValueType(String label, String remedy) {
    this.label = label;
    this.remedy = remedy;
  }

  String label() {
    return label;
  }

  public String remedy() {
    return remedy;
  }

  /**
   * @throws IllegalArgumentException with a sentence that begins with the text in quotes
   */
  public abstract T parse(String text);

  /**
   * Whether {@code ""} in the file means "not set", as the seed's sample file writes it for texts;
   * an empty number is a mistake.
   */
  boolean emptyIsUnset() {
    return true;
  }

  /** Whether it stands for sections, which have readers of their own. */
  boolean holdsSections() {
    return false;
  }

  /**
   * Reads a value that is present; what is wrong with it becomes a problem.
   *
   * @param subject what the message begins with, such as {@code service "api" endpoint }; may be
   *     empty where the path says enough
   */
  public Optional<T> read(YamlNode node, Source at, String subject, Problems problems) {
    if (node instanceof YamlNode.Scalar scalar) {
      return readText(scalar.text(), at, subject, problems);
    }
    problems.error(at, subject + "expected a single value, found " + node.kind(), remedy);
    return Optional.empty();
  }

  final Optional<T> readText(String text, Source at, String subject, Problems problems) {
    try {
      return Optional.of(parse(text));
    } catch (IllegalArgumentException e) {
      problems.error(at, subject + e.getMessage(), remedy);
      return Optional.empty();
    }
  }
}
