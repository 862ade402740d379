package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every script says what it is for, and does nothing else when it is asked. */
class ScriptsTest {
  private static final List<String> PLACES =
      List.of(".ci", "bench", "deploy", "grafana", "operator/kube");

  /** They give whatever they get to another program. */
  private static final Set<String> PASS_ON = Set.of(".ci/run", "grafana/promtool");

  static List<Path> scripts() throws IOException {
    List<Path> scripts = new ArrayList<>();
    for (String place : PLACES) {
      try (Stream<Path> files = Files.walk(Documents.root().resolve(place))) {
        files
            .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
            .filter(file -> !file.toString().contains("/target/"))
            .forEach(scripts::add);
      }
    }
    return scripts;
  }

  private record Ended(int code, String out, String err) {}

  private static Ended run(Path script, String argument) throws Exception {
    Path out = Files.createTempFile("script", ".out");
    Path err = Files.createTempFile("script", ".err");
    try {
      Process process =
          new ProcessBuilder(script.toString(), argument)
              .redirectOutput(out.toFile())
              .redirectError(err.toFile())
              .start();
      process.getOutputStream().close();
      boolean ended = process.waitFor(30, TimeUnit.SECONDS);
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      assertThat(ended).as("%s %s ends", script, argument).isTrue();
      return new Ended(
          process.exitValue(),
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      Files.delete(out);
      Files.delete(err);
    }
  }

  @Test
  void theyAreFound() throws IOException {
    assertThat(scripts()).hasSizeGreaterThan(8);
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void helpSaysHowItIsUsed(Path script) throws Exception {
    Ended ended = run(script, "--help");
    assertThat(ended.code).as(ended.err).isZero();
    assertThat(ended.out).containsIgnoringCase("usage:").contains(script.getFileName().toString());
    assertThat(ended.out).as("exit codes").containsIgnoringCase("exit code");
    assertThat(ended.err).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("scripts")
  void anUnknownFlagIsWrongUsage(Path script) throws Exception {
    if (!PASS_ON.contains(Documents.root().relativize(script).toString())) {
      Ended ended = run(script, "--no-such-flag");
      assertThat(ended.code).as(ended.err).isEqualTo(2);
      assertThat(ended.err).contains("--no-such-flag").containsAnyOf("--help", "usage:");
    }
  }
}
