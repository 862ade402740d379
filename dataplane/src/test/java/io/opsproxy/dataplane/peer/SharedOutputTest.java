package io.opsproxy.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.Wire;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Access logs that go to the outputs of the process, whatever these are. */
class SharedOutputTest extends Scenario {
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final int REQUESTS = 50;
  private final Backend web = backend(Backend.http("web"));

  @ParameterizedTest
  @ValueSource(strings = {"/dev/stdout", "/dev/stderr"})
  void noLineIsLostInAFileThatBothOutputsShare(String path) throws Exception {
    Path file = directory.resolve("config.yaml");
    new PeerFile("x")
        .services(web.as("web"))
        .section("log", "{level: debug}")
        .section(
            "access_log", "{path: " + path + ", format: \"served %REQUESTED_SERVER_NAME%\\n\"}")
        .replace(file);
    Path out = directory.resolve("out");
    // truncated and not appended to, as "> out 2>&1" does
    ProcessBuilder builder =
        new ProcessBuilder(PeerProcess.command("peer", "--config.file=" + file));
    builder
        .command()
        .addAll(0, java.util.List.of("bash", "-c", "exec \"$@\" >" + out + " 2>&1", "x"));
    Process peer = builder.start();
    try {
      Pattern started = Pattern.compile("version \\S+ on 127\\.0\\.0\\.1:(\\d+)");
      await()
          .atMost(DEADLINE)
          .until(() -> Files.exists(out) && started.matcher(Files.readString(out)).find());
      Matcher address = started.matcher(Files.readString(out));
      assertThat(address.find()).isTrue();
      InetSocketAddress target =
          new InetSocketAddress(
              InetAddress.getLoopbackAddress(), Integer.parseInt(address.group(1)));
      for (int i = 0; i < REQUESTS; i++) {
        try (Wire served = Wire.connect(target)) {
          assertThat(served.get("web").status()).isEqualTo(200);
        }
        try (Wire refused = Wire.connect(target)) {
          assertThat(refused.get("nobody").status()).isEqualTo(503);
        }
      }
      await()
          .atMost(DEADLINE)
          .untilAsserted(
              () -> {
                String all = Files.readString(out);
                assertThat(all.split("served ", -1)).hasSize(2 * REQUESTS + 1);
                assertThat(all).contains(" on 127.0.0.1:" + target.getPort()).doesNotContain("\0");
              });
    } finally {
      peer.destroyForcibly();
    }
  }
}
