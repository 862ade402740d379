package io.opsproxy.operator.testing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MountedVolumeTest {
  @TempDir Path directory;
  private MountedVolume volume;

  @BeforeEach
  void mount() throws IOException {
    volume = new MountedVolume(directory);
    volume.write(files("config.yaml", "one", "extra", "x"));
  }

  @Test
  void everyFileIsALinkThroughTheOneThatIsSwapped() throws IOException {
    assertThat(Files.readSymbolicLink(directory.resolve("config.yaml")))
        .isEqualTo(Path.of("..data", "config.yaml"));
    Path before = Files.readSymbolicLink(directory.resolve("..data"));
    assertThat(before.toString()).startsWith("..20");

    volume.write(files("config.yaml", "two", "extra", "x"));

    assertThat(Files.readString(directory.resolve("config.yaml"))).isEqualTo("two");
    assertThat(Files.readSymbolicLink(directory.resolve("..data"))).isNotEqualTo(before);
    assertThat(directory.resolve(before)).doesNotExist();
    assertThat(names()).hasSize(4); // two links, ..data, and what it names
  }

  @Test
  void sameContentsAreNotWrittenAgain() throws IOException {
    Path before = Files.readSymbolicLink(directory.resolve("..data"));
    volume.write(files("config.yaml", "one", "extra", "x"));
    assertThat(Files.readSymbolicLink(directory.resolve("..data"))).isEqualTo(before);
  }

  @Test
  void fileThatIsGoneLosesItsLink() throws IOException {
    volume.write(files("config.yaml", "one"));
    assertThat(names()).contains("config.yaml", "..data").doesNotContain("extra").hasSize(3);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(path -> path.getFileName().toString()).toList();
    }
  }

  private static Map<String, byte[]> files(String name, String text) {
    return Map.of(name, text.getBytes(UTF_8));
  }

  private static Map<String, byte[]> files(String one, String text, String other, String more) {
    return Map.of(one, text.getBytes(UTF_8), other, more.getBytes(UTF_8));
  }
}
