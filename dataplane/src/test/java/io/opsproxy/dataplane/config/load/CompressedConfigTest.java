package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.config.model.LogSettings;
import io.opsproxy.dataplane.config.read.ConfigFile;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A configuration that is compressed beside the file that was named. */
class CompressedConfigTest {
  @TempDir Path directory;

  private ConfigLoader loader() {
    return new ConfigLoader(Optional.of(directory.resolve("config.yaml")), Map.of(), Map.of());
  }

  private void compress(String text) throws IOException {
    Path written = directory.resolve("config.yaml.gz.new");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(written))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    Files.move(written, directory.resolve("config.yaml.gz"), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void isReadAtTheStartAndHasTheHashOfItsText() throws IOException {
    compress("log: {level: warn}");
    LoadResult read = loader().load();
    assertThat(read.config().orElseThrow().log().level()).isEqualTo(LogSettings.Level.WARN);
    assertThat(read.hash()).isEqualTo(ConfigFile.of("log: {level: warn}").hash());
  }

  @Test
  void theTextComesFirst() throws IOException {
    compress("log: {level: warn}");
    Files.writeString(directory.resolve("config.yaml"), "log: {level: error}");
    assertThat(loader().load().config().orElseThrow().log().level())
        .isEqualTo(LogSettings.Level.ERROR);
  }

  @Test
  void whatIsNotCompressedIsAProblemAndNoException() throws IOException {
    Files.writeString(directory.resolve("config.yaml.gz"), "log: {level: warn}");
    LoadResult read = loader().loadForReload();
    assertThat(read.config()).isEmpty();
    assertThat(read.problems()).isNotEmpty();
  }

  @Test
  void aChangeFromOneToTheOtherIsFollowed() throws IOException {
    Files.writeString(directory.resolve("config.yaml"), "log: {level: info}");
    ConfigLoader loader = loader();
    List<LoadResult> told = new CopyOnWriteArrayList<>();
    try (ConfigWatcher watcher = new ConfigWatcher(loader, loader.load(), told::add)) {
      watcher.start();
      compress("log: {level: warn}");
      Files.delete(directory.resolve("config.yaml"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !told.isEmpty() && level(told) == LogSettings.Level.WARN);
      compress("log: {level: error}");
      await().atMost(Duration.ofSeconds(20)).until(() -> level(told) == LogSettings.Level.ERROR);
    }
  }

  private static LogSettings.Level level(List<LoadResult> told) {
    return told.get(told.size() - 1).config().map(config -> config.log().level()).orElse(null);
  }
}
