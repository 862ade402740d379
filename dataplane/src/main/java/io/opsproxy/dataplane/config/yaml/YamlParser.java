package io.opsproxy.dataplane.config.yaml;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML text into {@link YamlNode}s. It stands on the parser's events instead of {@code
 * Yaml.compose}: no Java object can ever be constructed, no pattern is compiled at start-up, and
 * the bounds (nesting, number of values with aliases followed) are kept where the tree is built.
 */
public final class YamlParser {
  /** Deeper than any sensible file; the tree is built and read by recursion. */
  static final int MAX_DEPTH = 64;

  /** Values in all, each alias counted with all it stands for ("billion laughs"). */
  static final int MAX_VALUES = 500_000;

  /** The scanner copies a long token again for each KiB it reads of it: 8 MiB took 10 s. */
  static final int MAX_LINE = 512 * 1024;

  private static final String STANDARD_TAGS = "tag:yaml.org,2002:";

  private final ParserImpl events;
  private final Source file;
  private final Problems problems;
  private final Map<String, Anchored> anchors = new HashMap<>();
  private int values;
  private int depth;

  /** A node that aliases may name; null while its end has not been read. */
  private record Anchored(YamlNode node, int size) {}

  /** Ends the reading at the first thing that cannot be understood. */
  private static final class Unreadable extends RuntimeException {
    final int line;
    final String remedy;

    Unreadable(int line, String message, String remedy) {
      super(message, null, false, false);
      this.line = line;
      this.remedy = remedy;
    }
  }

  private YamlParser(ParserImpl events, Source file, Problems problems) {
    this.events = events;
    this.file = file;
    this.problems = problems;
  }

  /** The document, or null when there is none in the text or a problem was reported. */
  public static YamlNode parse(String text, Source file, Problems problems) {
    LoaderOptions options = new LoaderOptions();
    // The size of the text is bounded by whoever read it.
    options.setCodePointLimit(Integer.MAX_VALUE);
    try {
      checkLines(text);
      ParserImpl events = new ParserImpl(new StreamReader(text), options);
      return new YamlParser(events, file, problems).document();
    } catch (Unreadable e) {
      problems.error(file.at("", e.line), e.getMessage(), e.remedy);
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
      problems.error(file.at("", mark == null ? 0 : line(mark)), sentence(e), SYNTAX_REMEDY);
    } catch (ReaderException e) {
      problems.error(
          file.at("", lineAt(text, e.getPosition())),
          "character U+"
              + Integer.toHexString(0x1000000 + e.getCodePoint()).substring(1)
              + " is not allowed in YAML",
          "remove it");
    } catch (YAMLException | IllegalArgumentException | IndexOutOfBoundsException e) {
      // The parser has a few checks that throw without a place, and may have slips.
      problems.error(
          file, Quoted.sentence("not readable as YAML: " + e.getMessage()), SYNTAX_REMEDY);
    }
    return null;
  }

  private static final String SYNTAX_REMEDY =
      "check indentation, brackets and quotes at and above this line";

  private static String sentence(MarkedYAMLException e) {
    String problem = e.getProblem() == null ? "syntax error" : e.getProblem();
    String context = e.getContext();
    return Quoted.sentence(
        "not readable as YAML: " + (context == null ? problem : context + ", " + problem));
  }

  private YamlNode document() {
    events.getEvent(); // stream start
    if (events.checkEvent(Event.ID.StreamEnd)) {
      return null;
    }
    events.getEvent(); // document start
    YamlNode root = node();
    events.getEvent(); // document end
    if (!events.checkEvent(Event.ID.StreamEnd)) {
      throw new Unreadable(
          line(events.peekEvent().getStartMark()),
          "a second YAML document begins here, and one file is one configuration",
          "remove the line --- or move what follows to a file of its own");
    }
    return root.isNull() ? null : root;
  }

  private YamlNode node() {
    Event event = events.getEvent();
    int line = line(event.getStartMark());
    if (event instanceof AliasEvent alias) {
      return aliased(alias.getAnchor(), line);
    }
    count(1, line);
    int before = values;
    String anchor = ((NodeEvent) event).getAnchor();
    if (anchor != null) {
      anchors.put(anchor, new Anchored(null, 0));
    }
    YamlNode node;
    if (event instanceof ScalarEvent scalar) {
      checkTag(scalar.getTag(), line);
      node = new YamlNode.Scalar(scalar.getValue(), scalar.isPlain(), line);
    } else {
      if (++depth > MAX_DEPTH) {
        throw new Unreadable(
            line, "more than " + MAX_DEPTH + " levels of nesting", "make the file flatter");
      }
      if (event instanceof SequenceStartEvent sequence) {
        checkTag(sequence.getTag(), line);
        node = sequence(line);
      } else {
        checkTag(((MappingStartEvent) event).getTag(), line);
        node = mapping(line);
      }
      depth--;
    }
    if (anchor != null) {
      anchors.put(anchor, new Anchored(node, values - before + 1));
    }
    return node;
  }

  private YamlNode aliased(String name, int line) {
    Anchored anchored = anchors.get(name);
    if (anchored == null) {
      throw new Unreadable(
          line, "alias " + Quoted.of(name) + " has no anchor above it", "write the value out");
    }
    if (anchored.node == null) {
      throw new Unreadable(
          line,
          "alias " + Quoted.of(name) + " stands inside the value it names",
          "write the value out");
    }
    count(anchored.size, line);
    return anchored.node;
  }

  private void count(int more, int line) {
    values += more;
    if (values > MAX_VALUES) {
      throw new Unreadable(
          line,
          "more than " + MAX_VALUES + " values, aliases followed",
          "make the file smaller, or use fewer aliases of aliases");
    }
  }

  private YamlNode sequence(int line) {
    List<YamlNode> items = new ArrayList<>();
    while (!events.checkEvent(Event.ID.SequenceEnd)) {
      items.add(node());
    }
    events.getEvent();
    return new YamlNode.Sequence(items, line);
  }

  private YamlNode mapping(int line) {
    List<YamlNode.Entry> entries = new ArrayList<>();
    Map<String, Integer> seen = new HashMap<>();
    List<YamlNode> merged = new ArrayList<>();
    while (!events.checkEvent(Event.ID.MappingEnd)) {
      YamlNode key = node();
      if (!(key instanceof YamlNode.Scalar name)) {
        throw new Unreadable(
            key.line(), "a key must be a single word, not " + key.kind(), "quote the text");
      }
      YamlNode value = node();
      if (name.plain() && name.text().equals("<<")) {
        merged.add(value);
        continue;
      }
      Integer first = seen.putIfAbsent(name.text(), name.line());
      if (first == null) {
        entries.add(new YamlNode.Entry(name.text(), name.line(), value));
      } else {
        problems.error(
            file.at("", name.line()),
            "key "
                + Quoted.of(name.text())
                + " stands twice in this section, first on line "
                + first,
            "keep one of the two");
      }
    }
    events.getEvent();
    if (!merged.isEmpty()) {
      Set<String> present = new HashSet<>(seen.keySet());
      for (YamlNode value : merged) {
        merge(value, present, entries);
      }
    }
    return new YamlNode.Mapping(entries, line);
  }

  /**
   * The merge key {@code <<} of YAML 1.1: what the section itself says wins, then what is first.
   */
  private static void merge(YamlNode value, Set<String> present, List<YamlNode.Entry> into) {
    List<YamlNode> sources =
        value instanceof YamlNode.Sequence sequence ? sequence.items() : List.of(value);
    for (YamlNode source : sources) {
      if (!(source instanceof YamlNode.Mapping mapping)) {
        throw new Unreadable(
            source.line(), "<< takes a section or a list of sections", "name an anchor of one");
      }
      for (YamlNode.Entry entry : mapping.entries()) {
        if (present.add(entry.key())) {
          into.add(entry);
        }
      }
    }
  }

  private static void checkLines(String text) {
    int line = 1;
    int start = 0;
    while (text.length() - start > MAX_LINE) {
      int end = text.indexOf('\n', start);
      if ((end < 0 ? text.length() : end) - start > MAX_LINE) {
        throw new Unreadable(
            line, "longer than " + MAX_LINE + " characters", "break it into several lines");
      }
      start = end + 1;
      line++;
    }
  }

  private static void checkTag(String tag, int line) {
    if (tag != null && !tag.equals("!") && !tag.startsWith(STANDARD_TAGS)) {
      throw new Unreadable(
          line, "tag " + Quoted.of(tag) + " has no meaning here", "write the plain value");
    }
  }

  private static int line(Mark mark) {
    return mark.getLine() + 1;
  }

  private static int lineAt(String text, int position) {
    int line = 1;
    int end = Math.min(position, text.length());
    for (int i = 0; i < end; i++) {
      if (text.charAt(i) == '\n') {
        line++;
      }
    }
    return line;
  }
}
