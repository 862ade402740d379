package io.opsproxy.operator.render;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A value of a spec that a peer would not take; becomes a condition, never leaves this package. */
final class RefusedSpec extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RefusedSpec(String path, String problem) {
    super(path + ": " + problem, null, false, false);
  }

  /**
   * @param sentence names the value
   */
  RefusedSpec(String sentence) {
    super(sentence, null, false, false);
  }

  /** Reads the values of a list with a parser of the data plane. */
  static <T> List<T> parseAll(String path, List<String> texts, Function<String, T> parser) {
    List<T> values = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      values.add(parse(path + "[" + i + "]", texts.get(i), parser));
    }
    return values;
  }

  /** Reads a value with a parser of the data plane. */
  static <T> T parse(String path, String text, Function<String, T> parser) {
    try {
      return parser.apply(text);
    } catch (IllegalArgumentException e) {
      throw new RefusedSpec(path, e.getMessage());
    }
  }
}
