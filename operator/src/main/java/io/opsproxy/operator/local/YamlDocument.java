package io.opsproxy.operator.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.representer.Representer;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * One document of a YAML or JSON text, with anchors and merge keys taken in, and the line of each
 * of its fields.
 */
final class YamlDocument {
  private static final int MAX_CHARACTERS = 16 * 1024 * 1024;

  /** Deeper than any object of Kubernetes; aliases that name what they stand in have no end. */
  private static final int MAX_DEPTH = 64;

  /** Each alias counted with all that it stands for ("billion laughs"). */
  private static final int MAX_NODES = 2_000_000;

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern LAST_STEP = Pattern.compile("(\\.[^.\\[]*|\\[\\d+\\])$");

  private final JsonNode value;
  private final Map<String, Integer> lines;

  private YamlDocument(JsonNode value, Map<String, Integer> lines) {
    this.value = value;
    this.lines = lines;
  }

  /**
   * The documents of a text; empty ones are left out.
   *
   * @throws Unreadable when it is not YAML, or has a key twice in one place
   */
  static List<YamlDocument> all(String text) throws Unreadable {
    List<YamlDocument> documents = new ArrayList<>();
    try {
      List<Map<String, Integer>> lines = new ArrayList<>();
      for (Node root : yaml().composeAll(new StringReader(text))) {
        Lines of = new Lines();
        of.walk("", root, 0);
        lines.add(of.lines);
      }
      int index = 0;
      for (Object value : yaml().loadAll(text)) {
        Map<String, Integer> of = lines.get(index++);
        if (value != null) {
          documents.add(new YamlDocument(JSON.valueToTree(value), of));
        }
      }
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
      throw new Unreadable(mark == null ? 0 : mark.getLine() + 1, sentence(e));
    } catch (YAMLException e) {
      throw new Unreadable(0, e.getMessage());
    }
    return documents;
  }

  private static String sentence(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? "not YAML" : e.getProblem();
    return e.getContext() == null ? problem : e.getContext() + ": " + problem;
  }

  private static Yaml yaml() {
    LoaderOptions options = new LoaderOptions();
    options.setAllowDuplicateKeys(false);
    options.setCodePointLimit(MAX_CHARACTERS);
    options.setMaxAliasesForCollections(MAX_NODES);
    options.setNestingDepthLimit(MAX_DEPTH);
    DumperOptions unused = new DumperOptions();
    return new Yaml(
        new SafeConstructor(options), new Representer(unused), unused, options, new TextTimes());
  }

  /** The types of YAML but for times: those of an object are texts. */
  private static final class TextTimes extends Resolver {
    @Override
    public void addImplicitResolver(Tag tag, Pattern pattern, String first, int limit) {
      if (!tag.equals(Tag.TIMESTAMP)) {
        super.addImplicitResolver(tag, pattern, first, limit);
      }
    }
  }

  /** Where each field stands, by its path as in {@code spec.remotePeers[0].address}. */
  private static final class Lines {
    private final Map<String, Integer> lines = new HashMap<>();
    private int nodes;

    private void walk(String path, Node node, int depth) {
      if (depth > MAX_DEPTH || ++nodes > MAX_NODES) {
        throw new YAMLException("aliases stand for too much; write it without them");
      }
      lines.putIfAbsent(path, node.getStartMark().getLine() + 1);
      if (node instanceof MappingNode mapping) {
        for (NodeTuple entry : mapping.getValue()) {
          if (entry.getKeyNode() instanceof ScalarNode key) {
            String name = key.getTag().equals(Tag.MERGE) ? "" : key.getValue();
            String inner = path.isEmpty() || name.isEmpty() ? path + name : path + "." + name;
            lines.putIfAbsent(inner, key.getStartMark().getLine() + 1);
            walk(inner, entry.getValueNode(), depth + 1);
          }
        }
      } else if (node instanceof SequenceNode sequence) {
        int index = 0;
        for (Node item : sequence.getValue()) {
          walk(path + "[" + index++ + "]", item, depth + 1);
        }
      }
    }
  }

  JsonNode value() {
    return value;
  }

  /** The line of a field; where the text does not have it, of the nearest one around it. */
  int line(String path) {
    String at = path;
    while (!lines.containsKey(at) && !at.isEmpty()) {
      String shorter = LAST_STEP.matcher(at).replaceFirst("");
      at = shorter.equals(at) ? "" : shorter;
    }
    return lines.getOrDefault(at, 0);
  }

  /** The text is not what it should be. */
  static final class Unreadable extends Exception {
    private static final long serialVersionUID = 1L;
    private final int line;

    private Unreadable(int line, String message) {
      super(message);
      this.line = line;
    }

    /** From 1; 0 when it is not known. */
    int line() {
      return line;
    }
  }
}
