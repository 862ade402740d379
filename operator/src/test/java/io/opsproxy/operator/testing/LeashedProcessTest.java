package io.opsproxy.operator.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LeashedProcessTest {
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  void diesWithAKilledJvm() throws IOException, InterruptedException {
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Owner.class.getName(),
                directory.resolve("log").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long pid;
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(jvm.getInputStream(), StandardCharsets.US_ASCII))) {
      pid = Long.parseLong(reader.readLine());
    } finally {
      jvm.destroyForcibly();
    }
    assertThat(jvm.waitFor(DEADLINE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    await().atMost(DEADLINE).until(() -> !isAlive(pid));
  }

  @Test
  void passesSignalsOnAndTellsHowItEnded() {
    LeashedProcess process =
        start("trap 'echo asked; exit 7' TERM; echo begun; while :; do sleep 0.05; done");
    await().atMost(DEADLINE).until(() -> process.log().contains("begun"));
    process.signal("TERM");
    assertThat(process.ended()).succeedsWithin(DEADLINE).isEqualTo(7);
    assertThat(process.log()).isEqualTo("begun\nasked\n");
    process.signal("TERM"); // too late, and harmless
  }

  @Test
  void isKilledWhenItDoesNotStopInTime() {
    LeashedProcess process = start("trap '' TERM; echo begun; while :; do sleep 0.05; done");
    await().atMost(DEADLINE).until(() -> process.log().contains("begun"));
    process.stop(Duration.ofMillis(100));
    assertThat(process.ended()).succeedsWithin(DEADLINE).isEqualTo(128 + 9);
    assertThat(isAlive(process.pid())).isFalse();
  }

  private LeashedProcess start(String script) {
    return LeashedProcess.start(
        "test",
        directory.resolve("log"),
        Map.of("PATH", System.getenv("PATH")),
        List.of("sh", "-c", script));
  }

  private static boolean isAlive(long pid) {
    return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** A JVM that starts a process and says which. */
  static final class Owner {
    private Owner() {}

    public static void main(String[] arguments) throws InterruptedException {
      Path log = Path.of(arguments[0]);
      System.out.println(LeashedProcess.start("sleep", log, null, List.of("sleep", "1000")).pid());
      Thread.sleep(Long.MAX_VALUE);
    }
  }
}
