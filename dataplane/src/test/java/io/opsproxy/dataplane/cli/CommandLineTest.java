package io.opsproxy.dataplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommandLineTest {
  private static final String GOOD =
      "peer: {bind_addr: '127.0.0.1:16443', service_addr: 'web:127.0.0.1:80'}\n";
  private static final String BAD =
      "peer:\n  bind_adr: ':1'\n  connection_timeout: soon\n  max_reconnect: -1\n";

  @TempDir private Path directory;
  private final PrintStream realOut = System.out;
  private final PrintStream realErr = System.err;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @BeforeEach
  void capture() {
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
  }

  @AfterEach
  void restore() {
    System.setOut(realOut);
    System.setErr(realErr);
  }

  private int run(String... arguments) {
    return Main.commandLine().execute(arguments);
  }

  private String file(String text) throws IOException {
    return Files.writeString(directory.resolve("config.yaml"), text).toString();
  }

  private String printed() {
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aValidFileIsValidBothWays() throws IOException {
    String file = file(GOOD);
    assertThat(run("validate", file)).isZero();
    String first = printed();
    out.reset();
    assertThat(run("--mode", "validate", "-c", file)).isZero();
    assertThat(printed()).isEqualTo(first).contains("valid, 0 warnings");
  }

  @Test
  void everyProblemIsListedAndTheExitCodeIsOne() throws IOException {
    String file = file(BAD);
    assertThat(run("validate", file)).isEqualTo(1);
    assertThat(printed())
        .contains("config.yaml:2: peer.bind_adr")
        .contains("bind_addr")
        .contains("config.yaml:3: peer.connection_timeout")
        .contains("config.yaml:4: peer.max_reconnect")
        .contains("3 errors");
    String first = printed();
    out.reset();
    assertThat(run("--mode=validate", "--config.file=" + file)).isEqualTo(1);
    assertThat(printed()).isEqualTo(first);
  }

  @Test
  void aPeerWithABadFileDoesNotStart() throws IOException {
    assertThat(run("--config.file=" + file(BAD))).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("peer.connection_timeout")
        .contains("peer.max_reconnect");
    assertThat(run("peer", "--bind-addr", "nonsense")).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8)).contains("--bind-addr").contains("nonsense");
  }

  @Test
  void aMissingFileIsAnErrorOfValidate() {
    assertThat(run("validate", directory.resolve("nowhere.yaml").toString())).isEqualTo(1);
    assertThat(printed()).contains("nowhere.yaml");
  }

  @Test
  void wrongUsageIsTwo() {
    assertThat(run("--no-such-flag")).isEqualTo(2);
    assertThat(run("validate")).isEqualTo(2);
    assertThat(run("--mode", "sideways")).isEqualTo(2);
    assertThat(printed()).isEmpty();
  }

  @Test
  void aMistakeHasTheNearestWordAndTheHintOfItsCommand() {
    assertThat(run("validat", "x.yaml")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("did you mean", "validate?", "ops-proxy --help shows the usage");
    err.reset();
    assertThat(run("why", "web", "--jsn")).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .contains("--json?", "ops-proxy why --help shows the usage");
  }

  @Test
  void everyCommandSaysItsExitCodes() {
    for (String command : Main.commandLine().getSubcommands().keySet()) {
      if (!command.equals("help")) {
        assertThat(run("help", command)).isZero();
        assertThat(printed()).as(command).contains("Usage: ops-proxy " + command, "Exit codes: 0");
        out.reset();
      }
    }
  }

  @Test
  void everyShellIsCompleted() {
    for (String shell : new String[] {"bash", "zsh", "fish"}) {
      assertThat(run("completion", shell)).isZero();
      assertThat(printed()).as(shell).contains("validate", "config.file", "why");
      out.reset();
    }
    assertThat(run("completion", "tcsh")).isEqualTo(2);
  }

  @Test
  void versionAndHelpGoToStandardOutput() {
    assertThat(run("--version")).isZero();
    assertThat(printed()).matches("ops-proxy \\d+\\.\\d+\\.\\d+\\R");
    assertThat(run("--help")).isZero();
    assertThat(printed())
        .contains(
            "--config.file",
            "--bind-addr",
            "--web.listen-address",
            "--web.telemetry-path",
            "validate");
  }
}
