package io.opsproxy.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said before anything runs. */
final class OperatorCommandTest {
  @TempDir private Path directory;

  private String refused(String... arguments) {
    PrintStream real = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      assertThat(Main.commandLine().execute(arguments)).isEqualTo(1);
    } finally {
      System.setErr(real);
    }
    return said.toString(StandardCharsets.UTF_8);
  }

  @Test
  void aFileThatIsNoKubeconfigIsNamed() throws IOException {
    Path flow = Files.writeString(directory.resolve("flow"), "{kind: Config, clusters: [");
    assertThat(refused("operator", "--kubeconfig", flow.toString()))
        .startsWith("--kubeconfig: " + flow + " is no kubeconfig: ")
        .doesNotContain("\tat ");
    assertThat(refused("operator", "--kubeconfig", directory.resolve("none").toString()))
        .endsWith("none cannot be read\n");
  }

  @Test
  void anAddressThatIsNoneIsNamed() {
    assertThat(refused("operator", "--admin-address", "nowhere"))
        .startsWith("--admin-address: \"nowhere\"");
  }
}
