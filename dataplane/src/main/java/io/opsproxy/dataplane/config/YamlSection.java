package io.opsproxy.dataplane.config;

import io.opsproxy.dataplane.config.ConfigKey.Standing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One section of the file, read by the keys that the table knows for it. What the table does not
 * know is reported when the section is opened.
 */
final class YamlSection {
  private final String section;
  private final YamlNode.Mapping mapping;
  private final Source at;
  private final Problems problems;

  private YamlSection(String section, YamlNode.Mapping mapping, Source at, Problems problems) {
    this.section = section;
    this.mapping = mapping;
    this.at = at;
    this.problems = problems;
  }

  /**
   * Opens the section. A node that is no section is a problem, and then the section is empty: what
   * is missing is reported once more by those who need it.
   *
   * @param section as in {@link ConfigKey#section}
   * @param node null for an absent one
   */
  static YamlSection open(String section, YamlNode node, Source at, Problems problems) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      if (node != null && !node.isNull()) {
        problems.error(
            at,
            "expected a section of keys and values, found " + node.kind(),
            "write key: value on lines of its own");
      }
      return new YamlSection(section, new YamlNode.Mapping(List.of(), at.line()), at, problems);
    }
    YamlSection opened = new YamlSection(section, mapping, at, problems);
    for (YamlNode.Entry entry : mapping.entries()) {
      opened.checkKnown(entry);
    }
    return opened;
  }

  Source at() {
    return at;
  }

  /** Whether the key stands here with a value, good or bad. */
  boolean has(ConfigKey<?> key) {
    return node(key) != null;
  }

  /** The node of a key, or null when it is absent or says nothing. */
  YamlNode node(ConfigKey<?> key) {
    YamlNode node = mapping.get(key.name());
    return node == null || node.isNull() ? null : node;
  }

  /** Where the key stands, or the section when it does not. */
  Source at(ConfigKey<?> key) {
    for (YamlNode.Entry entry : mapping.entries()) {
      if (entry.key().equals(key.name())) {
        return at.key(entry.key(), entry.line());
      }
    }
    return at;
  }

  /**
   * The value of a key. Empty when it is absent, or bad and reported.
   *
   * @param subject what messages begin with; may be empty
   */
  <T> Optional<Sourced<T>> read(ConfigKey<T> key, String subject) {
    YamlNode node = node(key);
    if (node == null) {
      return Optional.empty();
    }
    if (node instanceof YamlNode.Scalar scalar
        && scalar.text().isEmpty()
        && key.type().emptyIsUnset()) {
      return Optional.empty();
    }
    Source place = at(key);
    Optional<T> value = key.type().read(node, place, subject, problems);
    return value.isPresent() ? Optional.of(new Sourced<>(value.get(), place)) : Optional.empty();
  }

  /** The same without its place. */
  <T> Optional<T> readValue(ConfigKey<T> key, String subject) {
    Optional<Sourced<T>> value = read(key, subject);
    return value.isPresent() ? Optional.of(value.get().value()) : Optional.empty();
  }

  /** The same with the fixed default of the key in place of nothing. */
  <T> T readOrDefault(ConfigKey<T> key, String subject) {
    Optional<T> value = readValue(key, subject);
    return value.isPresent() ? value.get() : key.fallback();
  }

  /** The items of a key that holds a list; empty when absent, or when it is no list. */
  List<Sourced<YamlNode>> items(ConfigKey<?> key) {
    YamlNode node = node(key);
    if (node == null) {
      return List.of();
    }
    Source place = at(key);
    if (!(node instanceof YamlNode.Sequence sequence)) {
      problems.error(
          place,
          "expected a " + key.type().label() + ", found " + node.kind(),
          "begin each item with a dash");
      return List.of();
    }
    List<Sourced<YamlNode>> items = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      YamlNode item = sequence.items().get(i);
      items.add(new Sourced<>(item, place.item(i, item.line())));
    }
    return items;
  }

  private void checkKnown(YamlNode.Entry entry) {
    ConfigKey<?> key = ConfigKeys.find(section, entry.key());
    if (key == null) {
      Source place = at.key(shown(entry.key()), entry.line());
      String nearest = Nearest.of(entry.key(), currentKeys());
      problems.warning(
          place,
          "unknown key " + Quoted.of(entry.key()) + " has no effect",
          nearest == null ? "remove it" : "did you mean \"" + nearest + "\"?");
    } else if (key.standing() == Standing.UNSUPPORTED) {
      problems.warning(
          at.key(entry.key(), entry.line()),
          Quoted.of(entry.key()) + " is not supported by this version and has no effect",
          "remove it, or leave it for a later version");
    }
  }

  /** A path is shown as it is, so what stands in it must be a plain word. */
  private static String shown(String key) {
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c <= ' ' || c >= 127 || i >= 64) {
        return "(unknown)";
      }
    }
    return key;
  }

  private List<String> currentKeys() {
    List<String> names = new ArrayList<>();
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (key.section().equals(section) && key.standing() != Standing.OLD_NAME) {
        names.add(key.name());
      }
    }
    return names;
  }
}
