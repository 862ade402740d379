package io.opsproxy.dataplane.config.yaml;

import java.util.List;

/**
 * A YAML document as plain data with line numbers; nothing is resolved to types yet, because the
 * key decides what its text means ({@code off} is a word here, {@code 1:30} no number of base 60).
 * Aliases share nodes: never compare or hash these records, which would walk them again and again.
 */
public sealed interface YamlNode {
  /** 1-based. */
  int line();

  /** Whether the document says nothing here: {@code key:}, {@code ~}, {@code null}. */
  default boolean isNull() {
    return false;
  }

  /** What it is, for messages. */
  String kind();

  /**
   * A value.
   *
   * @param plain without quotes, so that {@code null} means no value
   */
  record Scalar(String text, boolean plain, int line) implements YamlNode {
    @Override
    public boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }

    @Override
    public String kind() {
      return "a single value";
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, int line) implements YamlNode {
    @Override
    public String kind() {
      return "a list";
    }
  }

  /** A section; its keys are distinct. */
  record Mapping(List<Entry> entries, int line) implements YamlNode {
    @Override
    public String kind() {
      return "a section of keys and values";
    }

    /** The value of a key, or null. */
    public YamlNode get(String key) {
      for (Entry entry : entries) {
        if (entry.key.equals(key)) {
          return entry.value;
        }
      }
      return null;
    }
  }

  /** One key and its value; the line is the key's. */
  record Entry(String key, int line, YamlNode value) {}
}
