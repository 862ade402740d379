package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.cli.Main;
import io.opsproxy.dataplane.config.ConfigLoader;
import io.opsproxy.dataplane.config.ConfigReference;
import io.opsproxy.dataplane.config.LoadResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What the README shows is what the program takes. */
final class ReadmeTest {
  private static final String BEGIN = "<!-- configuration:begin -->\n";
  private static final String END = "<!-- configuration:end -->";
  private static final Path FILE = Documents.file("README.md");

  /** A call of the launcher, up to whatever ends it: a comment, a code span, a line. */
  private static final Pattern CALL = Pattern.compile("\\./ops-proxy([^\\n`#&(,;]*)");

  private final String readme = Documents.text(FILE);
  @TempDir private Path directory;

  @Test
  void configurationReferenceIsThatOfTheProgram() throws IOException {
    int begin = readme.indexOf(BEGIN) + BEGIN.length();
    int end = readme.indexOf(END);
    assertThat(begin).as("markers in README.md").isBetween(BEGIN.length(), end);
    String expected = "\n" + ConfigReference.markdown() + "\n";
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(FILE, readme.substring(0, begin) + expected + readme.substring(end));
      return;
    }
    assertThat(readme.substring(begin, end))
        .as("update with: ./ops-proxy test -Dtest=ReadmeTest -Ddocs.update=true")
        .isEqualTo(expected);
  }

  @Test
  void everyYamlBlockIsAConfigurationWithoutProblems() throws IOException {
    List<String> blocks = Documents.blocks(readme, "yaml");
    assertThat(blocks).hasSizeGreaterThan(10);
    for (String block : blocks) {
      Path file = Files.writeString(directory.resolve("config.yaml"), block);
      LoadResult result = new ConfigLoader(Optional.of(file), Map.of(), Map.of()).loadForReload();
      assertThat(result.problems()).as(block).isEmpty();
      assertThat(result.config()).as(block).isPresent();
    }
  }

  @Test
  void everyCallOfTheProgramHasItsSubcommandAndFlags() {
    CommandLine program = Main.commandLine();
    List<List<String>> calls = calls();
    assertThat(calls).contains(List.of("demo"), List.of("test")).hasSizeGreaterThan(10);
    for (List<String> call : calls) {
      boolean subcommand = !call.isEmpty() && !call.get(0).startsWith("-");
      if (subcommand && call.get(0).equals("test")) {
        continue; // the launcher's own
      }
      CommandLine command = subcommand ? program.getSubcommands().get(call.get(0)) : program;
      assertThat(command).as("./ops-proxy %s", call).isNotNull();
      for (String argument : call) {
        if (argument.startsWith("-")) {
          String flag = argument.replaceFirst("=.*", "");
          assertThat(command.getCommandSpec().findOption(flag))
              .as("%s of ./ops-proxy %s", flag, call)
              .isNotNull();
        }
      }
    }
  }

  private List<List<String>> calls() {
    List<List<String>> calls = new ArrayList<>();
    Matcher call = CALL.matcher(readme);
    while (call.find()) {
      String arguments = call.group(1).strip();
      calls.add(arguments.isEmpty() ? List.of() : List.of(arguments.split("\\s+")));
    }
    return calls;
  }
}
