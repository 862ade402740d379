package io.opsproxy.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
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
      LoadResult result = new ConfigLoader(Optional.of(file), Map.of(), Map.of()).load();
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
    } finally {
      Files.delete(file);
    }
  }
}
