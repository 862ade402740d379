package io.opsproxy.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.PeerFile;
import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.Scenario;
import io.opsproxy.dataplane.testing.TestPeer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever goes wrong with a new configuration is told, and the old one goes on. */
@Tag("pressure")
class ReloadFailureTest extends Scenario {
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private final Backend web = backend(Backend.http("web"));

  private static PeerFile many(int services) {
    return new PeerFile("ours")
        .section(
            "services",
            IntStream.range(0, services)
                .mapToObj(i -> "- {name: s" + i + ", endpoints: [{address: \"[::1]:1\"}]}")
                .collect(Collectors.joining("\n", "\n", "\n")));
  }

  @Test
  void aConfigurationTooLargeForTheMemoryIsRefusedWithTheNumberThatFits() {
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web")));
    many(20_000).replace(peer.file());
    peer.pages().awaitMetric(1, "ops_proxy_config_reloads_total", "result=\"failure\"");
    peer.pages().awaitMetric(0, "ops_proxy_config_last_reload_successful");
    assertThat(peer.pages().status()).contains("20000 services need about").contains("fit");
    assertThat(peer.log()).contains("20000 services need about");
    assertThat(peer.get("web").body()).isEqualTo("web");
    // as many as it says do fit, in one step
    many(5_000).replace(peer.file());
    peer.pages().awaitMetric(1, "ops_proxy_config_last_reload_successful");
    assertThat(peer.pages().metric("ops_proxy_clients_total")).isEqualTo(5_000);
    assertThat(peer.isAlive()).isTrue();
  }

  @Test
  void aFileTooLargeForTheMemoryIsNotEvenRead() throws IOException {
    PeerProcess peer = process(new PeerFile("ours").services(web.as("web")));
    Files.writeString(peer.file(), "# much\n".repeat(1_000_000));
    peer.pages().awaitMetric(1, "ops_proxy_config_reloads_total", "result=\"failure\"");
    assertThat(peer.pages().status()).contains("the most that this process has memory for");
    assertThat(peer.get("web").body()).isEqualTo("web");
  }

  @Test
  void nothingStartsWithAConfigurationTooLarge() throws Exception {
    Path file = directory.resolve("large.yaml");
    many(20_000).replace(file);
    Process process = start(PeerProcess.command("peer", "--config.file=" + file));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(1);
    assertThat(Files.readString(directory.resolve("err")))
        .contains("20000 services need about")
        .contains("-Xmx256m");
  }

  @Test
  void anExceptionOnTheWayIsAnErrorOfTheConfiguration() {
    TestPeer peer = start(new PeerFile("ours").services(web.as("web")));
    Config good = peer.config();
    // a mistake of the program, as far as a test can make one: links are the last to hear of it
    Config broken =
        new Config(
            null,
            good.log(),
            good.proxy(),
            List.of(),
            good.listeners(),
            good.access(),
            good.mesh(),
            good.limits(),
            good.admin(),
            good.accessLogs());
    peer.peer().reload(new LoadResult(Optional.of(broken), "0".repeat(64), "bad", List.of()));
    assertThat(peer.pages().status())
        .contains("could not be put in force: java.lang.NullPointerException");
    peer.pages().awaitMetric(0, "ops_proxy_config_last_reload_successful");
    peer.pages().awaitMetric(1, "ops_proxy_config_reloads_total", "result=\"failure\"");
    assertThat(peer.get("web").body()).isEqualTo("web");
  }

  @Test
  void outOfMemoryEndsTheProcessWithOneLine() throws Exception {
    Path file = directory.resolve("config.yaml");
    many(0).replace(file);
    List<String> command = new ArrayList<>(PeerProcess.command("peer", "--config.file=" + file));
    command.replaceAll(option -> option.equals("-Xmx64m") ? "-Xmx4m" : option);
    Process process = start(command);
    await().atMost(DEADLINE).until(() -> !process.isAlive());
    assertThat(process.exitValue()).isEqualTo(3);
    assertThat(
            Files.readString(directory.resolve("out")) + Files.readString(directory.resolve("err")))
        .contains("Terminating due to java.lang.OutOfMemoryError")
        .doesNotContain("\tat ");
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(directory.resolve("out").toFile())
        .redirectError(directory.resolve("err").toFile())
        .start();
  }
}
