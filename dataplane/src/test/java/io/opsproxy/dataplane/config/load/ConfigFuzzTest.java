package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.opsproxy.dataplane.config.problem.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Whatever bytes the file has, loading ends with a configuration or with errors that have a
 * sentence. The normal run replays the saved inputs; {@code JAZZER_FUZZ=1} searches for more.
 */
class ConfigFuzzTest {
  @FuzzTest(maxDuration = "10m")
  void anyBytesAreReadOrRefused(byte[] bytes) throws IOException {
    Path file = Files.createTempFile("fuzz", ".yaml");
    try {
      Files.write(file, bytes);
      check(new ConfigLoader(Optional.of(file), Map.of(), Map.of()).load());
    } finally {
      Files.delete(file);
    }
  }

  /** The same bytes as each of the files that an Envoy bootstrap names. */
  @FuzzTest(maxDuration = "10m")
  void anyBytesAreReadOrRefusedAsResources(byte[] bytes) throws IOException {
    Path directory = Files.createTempDirectory("fuzz");
    EnvoyFiles files = new EnvoyFiles(directory);
    try {
      for (String name : EnvoyFiles.NAMES) {
        byte[] good = Files.readAllBytes(files.path(name));
        Files.write(files.path(name), bytes);
        check(files.load());
        Files.write(files.path(name), good);
      }
      assertThat(files.load().config()).isPresent();
    } finally {
      for (String name : EnvoyFiles.NAMES) {
        Files.delete(files.path(name));
      }
      Files.delete(directory);
    }
  }

  private static void check(LoadResult result) {
    boolean refused =
        result.problems().stream().anyMatch(p -> p.severity() == Problem.Severity.ERROR);
    assertThat(result.config().isEmpty()).isEqualTo(refused);
    assertThat(result.problems())
        .allSatisfy(
            problem -> {
              assertThat(problem.message()).isNotEmpty();
              assertThat(problem.remedy()).isNotEmpty();
              assertThat(problem.toString()).doesNotContain("\n");
            });
  }
}
