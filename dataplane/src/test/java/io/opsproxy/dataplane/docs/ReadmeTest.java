package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.ConfigLoader;
import io.opsproxy.dataplane.config.ConfigReference;
import io.opsproxy.dataplane.config.LoadResult;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what the program takes. */
final class ReadmeTest {
  private static final String BEGIN = "<!-- configuration:begin -->\n";
  private static final String END = "<!-- configuration:end -->";
  private static final Path FILE = Documents.file("README.md");

  /** A call of the launcher, up to whatever ends it: a comment, a code span, a line. */
  private static final Pattern CALL = Pattern.compile("\\./ops-proxy([^\\n`#&(,;]*)");

  private final String readme = Documents.text(FILE);
  private final Map<String, String> helpPages = new HashMap<>();
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
  void everyCallOfTheProgramHasItsSubcommandAndFlags() throws Exception {
    List<List<String>> calls = calls();
    assertThat(calls).contains(List.of("demo"), List.of("test")).hasSizeGreaterThan(10);
    for (List<String> call : calls) {
      boolean subcommand = !call.isEmpty() && !call.get(0).startsWith("-");
      if (subcommand && call.get(0).equals("test")) {
        continue; // the launcher's own
      }
      String help = help(subcommand ? call.get(0) : "");
      for (String argument : call) {
        if (argument.startsWith("-")) {
          String flag = argument.replaceFirst("=.*", "");
          assertThat(help)
              .as("%s of ./ops-proxy %s", flag, call)
              .containsPattern("(?m)^ *(-\\w, )?" + Pattern.quote(flag) + "([=, ]|$)");
        }
      }
    }
  }

  @Test
  void bothSpellingsOfValidateSayTheSame() throws Exception {
    String good = Documents.blocks(readme, "yaml").get(0);
    Path file = Files.writeString(directory.resolve("config.yaml"), good);
    Ran byName = run("validate", file.toString());
    Ran byMode = run("--mode", "validate", "-c", file.toString());
    assertThat(byName.code).as(byName.output).isZero();
    assertThat(byMode).isEqualTo(byName);
    Files.writeString(file, "peer:\n  listen_adress: 1\n  connection_timeout: soon\n");
    byName = run("validate", file.toString());
    byMode = run("--mode", "validate", "-c", file.toString());
    assertThat(byName.code).as(byName.output).isEqualTo(1);
    assertThat(byName.output)
        .contains("did you mean \"listen_address\"?")
        .contains("2: peer.listen_adress", "3: peer.connection_timeout");
    assertThat(byMode).isEqualTo(byName);
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

  private String help(String subcommand) throws Exception {
    String known = helpPages.get(subcommand);
    if (known == null) {
      Ran ran = subcommand.isEmpty() ? run("--help") : run(subcommand, "--help");
      assertThat(ran.code).as("help of \"%s\": %s", subcommand, ran.output).isZero();
      known = ran.output;
      helpPages.put(subcommand, known);
    }
    return known;
  }

  private record Ran(int code, String output) {}

  /** The program as a process: what its command line takes is not to be asked of its classes. */
  private static Ran run(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
    command.add("io.opsproxy.dataplane.cli.Main");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    Process process = builder.start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }
}
