package io.opsproxy.dataplane.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.PeerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code ops-proxy trust}, as processes. */
final class TrustCommandTest {
  @TempDir private Path directory;

  private record Ran(int code, String output) {}

  private static Ran run(String... arguments) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(PeerProcess.command(arguments)).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ran(process.waitFor(), output);
  }

  private static String mode(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void makesWhatAPeerStartsWith() throws Exception {
    Path mesh = directory.resolve("mesh");
    Ran init = run("trust", "init", mesh.toString(), "--domain", "mesh.test");
    assertThat(init.code).as(init.output).isZero();
    assertThat(mode(mesh.resolve("ca.key"))).isEqualTo("rw-------");
    Path out = directory.resolve("out");
    Ran issue = run("trust", "issue", mesh.toString(), "edge", "--out", out.toString());
    assertThat(issue.code).as(issue.output).isZero();
    assertThat(issue.output).startsWith("spiffe://mesh.test/peer/edge: ");
    assertThat(mode(out.resolve("edge.key"))).isEqualTo("rw-------");
    assertThat(out.toFile().list()).containsExactlyInAnyOrder("edge.crt", "edge.key");
    Path config =
        Files.writeString(
            out.resolve("config.yaml"),
            "mesh:\n  identity: {certificate: edge.crt, key: edge.key}\n  trust: [{ca: "
                + mesh.resolve("ca.crt")
                + ", names: [\"*\"]}]\n");
    Ran validate = run("validate", config.toString());
    assertThat(validate.code).as(validate.output).isZero();
    Ran show =
        run("trust", "show", out.resolve("edge.crt").toString(), mesh.resolve("ca.crt").toString());
    assertThat(show.code).as(show.output).isZero();
    assertThat(show.output)
        .contains("id           spiffe://mesh.test/peer/edge")
        .contains("issuer       CN=Ops Proxy authority of mesh.test")
        .contains("serial       ")
        .contains(", valid")
        .contains("fingerprint  sha256:")
        .contains("(an authority)");
  }

  @Test
  void overwritesNothingUnasked() throws Exception {
    String mesh = directory.resolve("mesh").toString();
    assertThat(run("trust", "init", mesh).code).isZero();
    byte[] key = Files.readAllBytes(directory.resolve("mesh/ca.key"));
    Ran again = run("trust", "init", mesh);
    assertThat(again.code).isEqualTo(1);
    assertThat(again.output).contains("ca.crt is there already");
    assertThat(Files.readAllBytes(directory.resolve("mesh/ca.key"))).isEqualTo(key);
    assertThat(run("trust", "issue", mesh, "edge").code).isZero();
    byte[] edge = Files.readAllBytes(directory.resolve("mesh/edge.key"));
    Ran second = run("trust", "issue", mesh, "edge");
    assertThat(second.code).isEqualTo(1);
    assertThat(second.output).contains("--force");
    assertThat(Files.readAllBytes(directory.resolve("mesh/edge.key"))).isEqualTo(edge);
    assertThat(run("trust", "issue", mesh, "edge", "--force").code).isZero();
    assertThat(Files.readAllBytes(directory.resolve("mesh/edge.key"))).isNotEqualTo(edge);
  }

  @Test
  void tellsWrongUseFromRefusal() throws Exception {
    assertThat(run("trust").code).isEqualTo(2);
    assertThat(run("trust", "init", directory.toString(), "--days", "0").code).isEqualTo(2);
    Ran none = run("trust", "issue", directory.toString(), "edge");
    assertThat(none.code).isEqualTo(1);
    assertThat(none.output).contains("ca.crt").contains("there is no such file");
    assertThat(run("trust", "issue", directory.toString(), "../edge").code).isEqualTo(1);
    assertThat(run("trust", "show", directory.resolve("none").toString()).code).isEqualTo(1);
  }
}
