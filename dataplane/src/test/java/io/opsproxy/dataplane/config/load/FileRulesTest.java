package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.problem.Strictness;
import io.opsproxy.dataplane.config.read.ConfigFile;
import io.opsproxy.dataplane.config.read.FileSet;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files are taken, and what unknown keys in them are. */
final class FileRulesTest {
  private static final String GOOD = "peer: {peer_name: packed}\n";
  private static final String TYPO = "peer: {bind_adr: ':1'}\nzzzzzzzz: 1\n";
  @TempDir private Path directory;

  private ConfigLoader loader(String name, Strictness strictness) {
    return new ConfigLoader(Optional.of(directory.resolve(name)), Map.of(), Map.of(), strictness);
  }

  private void pack(String name, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void aPackedFileBesideIsTakenWhereThereIsNoOther() throws IOException {
    pack("config.yaml.gz", GOOD);
    ConfigLoader loader = loader("config.yaml", Strictness.USUAL);
    for (LoadResult result : List.of(loader.load(), loader.loadForReload())) {
      assertThat(result.config().orElseThrow().peer().name()).isEqualTo("packed");
      assertThat(result.hash()).isEqualTo(ConfigFile.of(GOOD).hash());
      assertThat(result.files())
          .containsExactly(directory.resolve("config.yaml"), directory.resolve("config.yaml.gz"));
      assertThat(FileSet.hashOf(result.files())).isEqualTo(result.hash());
    }
    Files.writeString(directory.resolve("config.yaml"), "peer: {peer_name: plain}\n");
    assertThat(loader.load().config().orElseThrow().peer().name()).isEqualTo("plain");
    assertThat(loader.load().files()).containsExactly(directory.resolve("config.yaml"));
  }

  @Test
  void aPackedFileMayBeNamedItself() throws IOException {
    pack("config.yaml.gz", GOOD);
    LoadResult result = loader("config.yaml.gz", Strictness.USUAL).load();
    assertThat(result.config().orElseThrow().peer().name()).isEqualTo("packed");
    assertThat(result.hash()).isEqualTo(ConfigFile.of(GOOD).hash());
  }

  @Test
  void whatUnpacksToTooMuchIsRefused() throws IOException {
    pack("config.yaml.gz", " ".repeat(ConfigFile.MAX_BYTES + 1));
    assertThat(loader("config.yaml", Strictness.USUAL).load().problems())
        .extracting(Problem::message)
        .contains("larger than 8 MiB");
    Files.write(directory.resolve("config.yaml.gz"), new byte[] {0x1f, (byte) 0x8b, 1, 2, 3});
    assertThat(loader("config.yaml", Strictness.USUAL).load().config()).isEmpty();
  }

  @Test
  void unknownKeysAreWhatWasAskedFor() throws IOException {
    Files.writeString(directory.resolve("config.yaml"), TYPO);
    assertThat(severities(Strictness.USUAL)).containsExactly("ERROR", "WARNING");
    assertThat(severities(Strictness.LENIENT)).containsExactly("WARNING", "WARNING");
    assertThat(severities(Strictness.STRICT)).containsExactly("ERROR", "ERROR");
  }

  private List<String> severities(Strictness strictness) {
    return loader("config.yaml", strictness).loadForReload().problems().stream()
        .map(problem -> problem.severity().name())
        .toList();
  }

  @Test
  void somethingElseIsNoConfiguration() throws IOException {
    Path file = directory.resolve("config.yaml");
    Files.writeString(file, "apiVersion: v1\nkind: ConfigMap\ndata: {}\n");
    assertThat(messages()).contains("this is an object of Kubernetes, kind \"ConfigMap\"");
    Files.writeString(file, "scrape_configs: []\nrule_files: []\n");
    assertThat(messages())
        .contains("this is no configuration: it has none of the keys that one has at its top");
    assertThat(loader("config.yaml", Strictness.LENIENT).load().config()).isEmpty();
    Files.delete(file);
    assertThat(messages()).contains("there is no such file");
    assertThat(loader("config.yaml", Strictness.LENIENT).load().config()).isEmpty();
  }

  private List<String> messages() {
    return loader("config.yaml", Strictness.USUAL).load().problems().stream()
        .map(Problem::message)
        .toList();
  }
}
