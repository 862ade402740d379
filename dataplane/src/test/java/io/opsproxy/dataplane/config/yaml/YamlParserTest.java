package io.opsproxy.dataplane.config.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.load.Loading;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.LogSettings;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.read.ConfigFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlParserTest {
  private final Problems problems = new Problems();

  @Test
  void keepsTextLinesAndOrder() {
    YamlNode.Mapping root =
        (YamlNode.Mapping) parse("a: off\n\nb:\n  - 1:30\n  - \"x\"\nc:\nd: ~\ne: 'null'");
    assertThat(root.entries())
        .extracting(YamlNode.Entry::key)
        .containsExactly("a", "b", "c", "d", "e");
    assertThat(root.entries()).extracting(YamlNode.Entry::line).containsExactly(1, 3, 6, 7, 8);
    assertThat(root.get("a")).isEqualTo(new YamlNode.Scalar("off", true, 1));
    assertThat(((YamlNode.Sequence) root.get("b")).items())
        .containsExactly(new YamlNode.Scalar("1:30", true, 4), new YamlNode.Scalar("x", false, 5));
    assertThat(root.get("c").isNull()).isTrue();
    assertThat(root.get("d").isNull()).isTrue();
    assertThat(root.get("e").isNull()).isFalse();
    assertThat(root.get("f")).isNull();
    assertThat(problems.inOrder()).isEmpty();
  }

  @Test
  void followsAliasesAndMergeKeys() {
    Config config =
        Loading.yaml(
                "services:",
                "- &base {name: a, endpoints: &e ['b:1', 'c:2'], connect: &c {attempts: 2}}",
                "- {<<: *base, name: d}",
                "- {name: f, endpoints: *e, connect: {<<: [{timeout: 9}, *c], timeout: 5}}")
            .config();
    assertThat(config.services()).extracting(ServiceConfig::connectAttempts).containsOnly(2);
    assertThat(config.services())
        .extracting(s -> s.connectTimeout().toSeconds())
        .containsExactly(30L, 30L, 5L);
    assertThat(config.services())
        .extracting(s -> s.names().get(0).value())
        .containsExactly("a", "d", "f");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: [b | 1 | not readable as YAML: while parsing a flow sequence",
        "x: 1\\n  a: 2 | 2 | not readable as YAML: mapping values are not allowed here",
        "x: 1\\ny: 'abc | 2 | not readable as YAML: while scanning a quoted scalar",
        "x: 1\\n\\ty: 1 | 2 | not readable as YAML",
        "a: *b | 1 | alias \"b\" has no anchor above it",
        "a: &a [1, *a] | 1 | alias \"a\" stands inside the value it names",
        "a: 1\\n---\\nb: 2 | 2 | a second YAML document begins here",
        "a: !!binary eA==\\nb: !env X | 2 | tag \"!env\" has no meaning here",
        "a: 1\\n[b]: 2 | 2 | a key must be a single word, not a list",
        "<<: 1 | 1 | << takes a section or a list of sections",
        "a: 1\\nb: 2\\na: 3 | 3 | key \"a\" stands twice in this section, first on line 1",
        "a: 1\\nb: \\u0007 | 2 | character U+000007 is not allowed in YAML",
        "%YAML 3.0\\n---\\na: 1 | 1 | not readable as YAML",
      })
  void saysWhereAndWhat(String text, int line, String message) {
    parse(text.replace("\\n", "\n").replace("\\t", "\t").replace("\\u0007", "\u0007"));
    assertThat(problems.inOrder()).hasSize(1);
    Problem problem = problems.inOrder().get(0);
    assertThat(problem.severity()).isEqualTo(Problem.Severity.ERROR);
    assertThat(problem.line()).isEqualTo(line);
    assertThat(problem.message()).startsWith(message);
    assertThat(problem.remedy()).isNotEmpty();
  }

  @Test
  void aBillionLaughsAreOneProblem() {
    StringBuilder text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 30; i++) {
      text.append("a%d: &a%d [".formatted(i, i));
      text.append("*a%d, ".formatted(i - 1).repeat(9)).append("]\n");
    }
    parse(text.toString());
    assertThat(problems.inOrder())
        .extracting(Problem::message)
        .containsExactly("more than 500000 values, aliases followed");
  }

  @Test
  void manyAliasesAreFineWhileTheyAreSmall() {
    StringBuilder text = new StringBuilder("- &e ['b:1', 'c:2']\n");
    text.append("- *e\n".repeat(10_000));
    assertThat(((YamlNode.Sequence) parse(text.toString())).items()).hasSize(10_001);
    assertThat(problems.inOrder()).isEmpty();
  }

  @Test
  void boundsNesting() {
    assertThat(parse("[".repeat(YamlParser.MAX_DEPTH) + "]".repeat(YamlParser.MAX_DEPTH)))
        .isNotNull();
    assertThat(problems.inOrder()).isEmpty();
    parse("[".repeat(100_000));
    parse("- ".repeat(5_000) + "a");
    assertThat(problems.inOrder())
        .extracting(Problem::message)
        .containsOnly("more than 64 levels of nesting")
        .hasSize(2);
  }

  @Test
  void boundsTheSizeOfTheFile() {
    byte[] large = "#\n".repeat(ConfigFile.MAX_BYTES / 2).getBytes(StandardCharsets.US_ASCII);
    assertThat(Loading.bytes(large).load().config()).isPresent();
    byte[] larger = " ".repeat(ConfigFile.MAX_BYTES + 1).getBytes(StandardCharsets.US_ASCII);
    assertThat(Loading.bytes(larger).load().config()).isEmpty();
    assertThat(Loading.bytes(larger).problems())
        .containsExactly("error : larger than 8 MiB; make it smaller");
  }

  @Test
  void boundsTheLengthOfALine() {
    String longest = "x".repeat(YamlParser.MAX_LINE - 2);
    assertThat(parse("\n# " + longest + "\na: 1")).isNotNull();
    assertThat(problems.inOrder()).isEmpty();
    parse("\n# x" + longest + "\na: 1");
    assertThat(problems.inOrder())
        .containsExactly(
            new Problem(
                Problem.Severity.ERROR,
                "f",
                "",
                2,
                "longer than 524288 characters",
                "break it into several lines"));
  }

  @Test
  void readsUtf8Only() {
    assertThat(Loading.yaml("\ufeffpeer: {peer_name: 节点}").config().peer().name()).isEqualTo("节点");
    byte[] latin = "log: {}\n# caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
    assertThat(Loading.bytes(latin).problems())
        .containsExactly("error 2 : not UTF-8 text; save the file as UTF-8");
    byte[] utf16 = "log: {}".getBytes(StandardCharsets.UTF_16);
    assertThat(Loading.bytes(utf16).load().config()).isEmpty();
  }

  @Test
  void acceptsEveryLineEnd() {
    assertThat(Loading.yaml("log:\r\n  level: warn\r\n").config().log().level())
        .isEqualTo(LogSettings.Level.WARN);
    List<String> found = Loading.yaml("log:\r\n  level: loud\r\n").problems();
    assertThat(found).singleElement().asString().startsWith("error 2 log.level");
  }

  private YamlNode parse(String text) {
    return YamlParser.parse(text, Source.file("f"), problems);
  }
}
