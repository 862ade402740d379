package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import io.opsproxy.dataplane.config.yaml.YamlTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One section of the file, read by the keys that its vocabulary knows for it: what a {@link
 * YamlTree} holds, as the types of the keys understand it. What the vocabulary does not know is
 * reported when the section is opened.
 */
public final class YamlSection {
  private final YamlTree tree;
  private final Vocabulary vocabulary;
  private final Problems problems;

  private YamlSection(YamlTree tree, Vocabulary vocabulary, Problems problems) {
    this.tree = tree;
    this.vocabulary = vocabulary;
    this.problems = problems;
  }

  /**
   * Opens the section. A node that is no section is a problem, and then the section is empty: what
   * is missing is reported once more by those who need it.
   *
   * @param section as in {@link ConfigKey#section}
   * @param node null for an absent one
   */
  public static YamlSection open(
      String section, YamlNode node, Source at, Vocabulary vocabulary, Problems problems) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      if (node != null && !node.isNull()) {
        problems.error(
            at,
            "expected a section of keys and values, found " + node.kind(),
            "write key: value on lines of its own");
      }
      return new YamlSection(YamlTree.empty(at), vocabulary, problems);
    }
    for (YamlNode.Entry entry : mapping.entries()) {
      Source place = at.key(Vocabulary.shown(entry.key()), entry.line());
      vocabulary.check(section, entry, place, problems);
    }
    return new YamlSection(new YamlTree(mapping, at), vocabulary, problems);
  }

  /** Opens a section of the peer's own files. */
  public static YamlSection open(String section, YamlNode node, Source at, Problems problems) {
    return open(section, node, at, PeerVocabulary.INSTANCE, problems);
  }

  /** Opens the section that a key holds; empty when the key is absent. */
  public YamlSection section(ConfigKey<?> key, String name) {
    return open(name, node(key), at(key), vocabulary, problems);
  }

  /** Opens the sections of the list that a key holds; items that are none are reported. */
  public List<YamlSection> sections(ConfigKey<?> key, String name) {
    return open(name, items(key));
  }

  /** The same, where a single section may stand in place of a list of one. */
  public List<YamlSection> oneOrSections(ConfigKey<?> key, String name) {
    YamlNode node = node(key);
    return node instanceof YamlNode.Mapping ? List.of(section(key, name)) : open(name, items(key));
  }

  private List<YamlSection> open(String name, List<Sourced<YamlNode>> items) {
    List<YamlSection> sections = new ArrayList<>();
    for (Sourced<YamlNode> item : items) {
      YamlSection section = open(name, item.value(), item.at(), vocabulary, problems);
      if (item.value() instanceof YamlNode.Mapping) {
        sections.add(section);
      }
    }
    return sections;
  }

  /** The entries as they stand, for sections whose keys are the user's own. */
  List<YamlNode.Entry> entries() {
    return tree.entries();
  }

  /** Where it stands. */
  public Source at() {
    return tree.at();
  }

  /** Whether the key stands here with a value, good or bad. */
  public boolean has(ConfigKey<?> key) {
    return node(key) != null;
  }

  /** The node of a key, or null when it is absent or says nothing. */
  public YamlNode node(ConfigKey<?> key) {
    return tree.node(key.name());
  }

  /** Where the key stands, or the section when it does not. */
  public Source at(ConfigKey<?> key) {
    return tree.at(key.name());
  }

  /**
   * The value of a key. Empty when it is absent, or bad and reported.
   *
   * @param subject what messages begin with; may be empty
   */
  public <T> Optional<Sourced<T>> read(ConfigKey<T> key, String subject) {
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
  public <T> Optional<T> readValue(ConfigKey<T> key, String subject) {
    Optional<Sourced<T>> value = read(key, subject);
    return value.isPresent() ? Optional.of(value.get().value()) : Optional.empty();
  }

  /** The same with the fixed default of the key in place of nothing. */
  public <T> T readOrDefault(ConfigKey<T> key, String subject) {
    Optional<T> value = readValue(key, subject);
    return value.isPresent() ? value.get() : key.fallback();
  }

  /** The same for a key that has to be there; its absence is reported. */
  public <T> Optional<Sourced<T>> required(ConfigKey<T> key, String subject) {
    int errors = problems.errors();
    Optional<Sourced<T>> value = read(key, subject + " ");
    if (value.isEmpty() && problems.errors() == errors) {
      problems.error(tree.at(), subject + " needs " + key.name(), key.type().remedy());
    }
    return value;
  }

  /** The items of a key that holds a list; empty when absent, or when it is no list. */
  public List<Sourced<YamlNode>> items(ConfigKey<?> key) {
    YamlNode node = node(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof YamlNode.Mapping && vocabulary.oneIsAList()) {
      return List.of(new Sourced<>(node, at(key)));
    }
    if (!(node instanceof YamlNode.Sequence sequence)) {
      problems.error(
          at(key),
          "expected a " + key.type().label() + ", found " + node.kind(),
          "begin each item with a dash");
      return List.of();
    }
    return tree.items(key.name(), sequence);
  }
}
