package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Gives fields one spelling. Protobuf's JSON has each field in two, {@code connect_timeout} and
 * {@code connectTimeout}; readers know the first.
 */
final class EnvoySpelling {
  /** What is below these has keys of the user's own. */
  private static final Set<String> USER_DATA =
      Set.of(
          "json_format",
          "typed_json_format",
          "metadata",
          "dynamic_parameters",
          "layered_runtime",
          "metadata_match",
          "transport_socket_match_criteria");

  private final Source file;
  private final Problems problems;

  /** Aliases share nodes, which are walked once. */
  private final Map<YamlNode, YamlNode> done = new IdentityHashMap<>();

  private EnvoySpelling(Source file, Problems problems) {
    this.file = file;
    this.problems = problems;
  }

  /** Whether what is below this field has keys of the user's own. */
  static boolean isUserData(String field) {
    return USER_DATA.contains(field);
  }

  /** The same document with every field spelled as in Envoy's API; fields in both are reported. */
  static YamlNode unify(YamlNode root, Source file, Problems problems) {
    return new EnvoySpelling(file, problems).node(root);
  }

  /** {@code connectTimeout} as {@code connect_timeout}; what is no such name stays. */
  static String field(String key) {
    if (key.isEmpty() || key.charAt(0) < 'a' || key.charAt(0) > 'z') {
      return key;
    }
    StringBuilder snake = new StringBuilder(key.length() + 8);
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c >= 'A' && c <= 'Z') {
        snake.append('_').append((char) (c + 32));
      } else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        snake.append(c);
      } else {
        return key;
      }
    }
    // The one part of a field that begins with a digit, which has no upper case to tell it by.
    String text = snake.toString();
    return text.endsWith("consecutive5xx")
        ? text.substring(0, text.length() - 3).concat("_5xx")
        : text;
  }

  private YamlNode node(YamlNode node) {
    if (node instanceof YamlNode.Scalar) {
      return node;
    }
    YamlNode known = done.get(node);
    if (known == null) {
      known = node instanceof YamlNode.Mapping mapping ? mapping(mapping) : list(node);
      done.put(node, known);
    }
    return known;
  }

  private YamlNode list(YamlNode node) {
    List<YamlNode> items = new ArrayList<>();
    for (YamlNode item : ((YamlNode.Sequence) node).items()) {
      items.add(node(item));
    }
    return new YamlNode.Sequence(items, node.line());
  }

  private YamlNode mapping(YamlNode.Mapping mapping) {
    Map<String, YamlNode.Entry> entries = new HashMap<>();
    List<YamlNode.Entry> unified = new ArrayList<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      String name = field(entry.key());
      YamlNode.Entry first = entries.putIfAbsent(name, entry);
      if (first != null) {
        problems.error(
            file.key(entry.key(), entry.line()),
            Quoted.of(entry.key()) + " and " + Quoted.of(first.key()) + " are one field",
            "keep one of the two");
        continue;
      }
      YamlNode value = isUserData(name) ? entry.value() : node(entry.value());
      unified.add(new YamlNode.Entry(name, entry.line(), value));
    }
    return new YamlNode.Mapping(unified, mapping.line());
  }
}
