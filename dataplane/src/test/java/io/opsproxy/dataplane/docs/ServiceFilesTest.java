package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.LoadResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The files to run as a service can be used as they are. */
final class ServiceFilesTest {
  private static final Path DIRECTORY = Documents.file("deploy/systemd");

  @Test
  void exampleFilesHaveNoProblems() {
    Path file = DIRECTORY.resolve("envoy.yaml");
    LoadResult result = new ConfigLoader(Optional.of(file), Map.of(), Map.of()).loadForReload();
    assertThat(result.problems()).isEmpty();
    assertThat(result.config()).isPresent();
    assertThat(result.config().get().services()).hasSize(2);
    assertThat(result.config().get().admin().address().orElseThrow())
        .hasToString("127.0.0.1:10000");
  }

  @Test
  void everyTargetOfTheMakefileIsInTheGuide() {
    String makefile = Documents.text(DIRECTORY.resolve("Makefile"));
    String guide = Documents.text(Documents.file("docs/api-servers.md"));
    for (String target :
        "run run-envoy validate install-service start-service stop-service restart-service status-service logs-service uninstall-service help"
            .split(" ")) {
      assertThat(makefile).containsPattern("(?m)^" + target + ":");
      assertThat(guide).contains("make " + target);
    }
    assertThat(Files.exists(DIRECTORY.resolve("ops-proxy.service"))).isTrue();
  }
}
