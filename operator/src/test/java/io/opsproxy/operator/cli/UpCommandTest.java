package io.opsproxy.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code up} as a process. */
final class UpCommandTest {
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final String PEER =
      """
      apiVersion: opsproxy.io/v1alpha1
      kind: ProxyPeer
      metadata: {name: edge, namespace: mesh}
      spec: {}
      """;

  @TempDir private Path directory;
  private Process up;

  private void start(String... more) throws IOException {
    Path file = Files.writeString(directory.resolve("mesh.yaml"), PEER);
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.opsproxy.operator.cli.Main",
                "up",
                "-f",
                file.toString()));
    command.addAll(List.of(more));
    up = new ProcessBuilder(command).redirectError(directory.resolve("err").toFile()).start();
  }

  @AfterEach
  void stop() {
    up.destroyForcibly();
  }

  private String firstLine() throws IOException {
    return new BufferedReader(new InputStreamReader(up.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  private ProcessHandle peer() {
    return await()
        .atMost(PATIENCE)
        .until(() -> up.children().findFirst(), found -> found.isPresent())
        .orElseThrow();
  }

  @Test
  void printsALineForEachPeerAndEndsThemWithSigterm() throws IOException, InterruptedException {
    start();
    assertThat(firstLine())
        .matches("peer mesh/edge proxy=127\\.0\\.0\\.1:\\d+ metrics=127\\.0\\.0\\.1:\\d+");
    ProcessHandle peer = peer();
    up.destroy();
    assertThat(up.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isEqualTo(143);
    assertThat(peer.isAlive()).isFalse();
  }

  @Test
  void leavesNoPeerBehindWhenItIsKilled() throws IOException, InterruptedException {
    start();
    assertThat(firstLine()).startsWith("peer mesh/edge ");
    ProcessHandle peer = peer();
    up.destroyForcibly().waitFor();
    await().atMost(PATIENCE).until(() -> !peer.isAlive());
  }

  @Test
  void refusesAResolveThatSaysNothing() throws IOException, InterruptedException {
    start("--resolve", "web:80=127.0.0.1:8080");
    assertThat(up.waitFor(40, TimeUnit.SECONDS)).isTrue();
    assertThat(up.exitValue()).isEqualTo(2);
    assertThat(Files.readString(directory.resolve("err")))
        .startsWith(
            "--resolve: \"web:80=127.0.0.1:8080\": expected NAMESPACE/SERVICE:PORT=HOST:PORT");
  }
}
