package io.opsproxy.operator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.operator.cli.Main;
import io.opsproxy.operator.local.ManifestReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** Commands and objects that the documents show are what the program takes. */
final class CommandsDocumentTest {
  private static final Path ROOT = Path.of("..");

  /** A call of the launcher, up to whatever ends it: a comment, a code span, a line. */
  private static final Pattern CALL = Pattern.compile("\\./ops-proxy ([^\\n`#&(,;<>|]*)");

  private static final Set<String> LAUNCHERS_OWN = Set.of("test", "package");

  private static final Pattern OBJECTS =
      Pattern.compile(
          "^```yaml\\n(apiVersion: opsproxy.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

  static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(markdown(ROOT, 1));
    for (String directory : List.of("docs", "design", "deploy", "crds", "bench")) {
      documents.addAll(markdown(ROOT.resolve(directory), Integer.MAX_VALUE));
    }
    return documents;
  }

  private static List<Path> markdown(Path directory, int depth) throws IOException {
    try (Stream<Path> files = Files.walk(directory, depth)) {
      return files.filter(file -> file.toString().endsWith(".md")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyCallHasItsSubcommandAndFlags(Path document) throws IOException {
    CommandLine program = Main.commandLine();
    Matcher calls = CALL.matcher(Files.readString(document));
    while (calls.find()) {
      List<String> call = List.of(calls.group(1).strip().split("\\s+"));
      boolean subcommand = !call.get(0).startsWith("-");
      if (LAUNCHERS_OWN.contains(call.get(0))) {
        continue;
      }
      CommandLine command = subcommand ? program.getSubcommands().get(call.get(0)) : program;
      assertThat(command).as("./ops-proxy %s", call).isNotNull();
      // "trust init" and the like
      for (String word : subcommand ? call.subList(1, call.size()) : List.<String>of()) {
        command = command.getSubcommands().getOrDefault(word, command);
      }
      for (String argument : call) {
        if (argument.startsWith("-") && argument.length() > 1) {
          String flag = argument.replaceFirst("=.*", "");
          assertThat(command.getCommandSpec().findOption(flag))
              .as("%s of ./ops-proxy %s", flag, call)
              .isNotNull();
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("documents")
  void everyObjectIsOneThatAnApiServerTakes(Path document) throws IOException {
    Matcher blocks = OBJECTS.matcher(Files.readString(document));
    while (blocks.find()) {
      ManifestReader reader = new ManifestReader("default");
      reader.read(document.toString(), blocks.group(1));
      assertThat(reader.faults()).as(blocks.group(1)).isEmpty();
    }
  }
}
