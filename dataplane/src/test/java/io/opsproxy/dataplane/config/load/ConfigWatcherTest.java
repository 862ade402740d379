package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.config.model.LogSettings;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.config.value.HostPort;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigWatcherTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);

  @TempDir Path directory;
  private final List<LoadResult> told = new CopyOnWriteArrayList<>();
  private Path file;
  private ConfigWatcher watcher;

  @AfterEach
  void close() {
    if (watcher != null) {
      watcher.close();
    }
    assertThat(Thread.getAllStackTraces().keySet())
        .extracting(Thread::getName)
        .doesNotContain("config-watcher");
  }

  @Test
  void noticesContentWrittenInPlace() throws IOException {
    watchFile("log: {level: info}");
    Files.writeString(file, "log: {level: warn}");
    awaitAtLast(LogSettings.Level.WARN);
  }

  @Test
  void noticesContentOfTheSameSizeAndTime() throws IOException {
    watchFile("log: {level: info}");
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "log: {level: warn}");
    Files.setLastModifiedTime(file, time);
    awaitAtLast(LogSettings.Level.WARN);
  }

  @Test
  void noticesAFileRenamedOverIt() throws IOException {
    watchFile("log: {level: info}");
    replace("log: {level: warn}");
    awaitLevels(LogSettings.Level.WARN);
  }

  @Test
  void noticesTheLinkSwapOfKubernetes() throws IOException {
    Path first = Files.createDirectory(directory.resolve("..2026_01_01"));
    Path second = Files.createDirectory(directory.resolve("..2026_01_02"));
    Files.writeString(first.resolve("config.yaml"), "log: {level: info}");
    Files.writeString(second.resolve("config.yaml"), "log: {level: warn}");
    // Same size and same time: only the path of the content differs.
    FileTime time = FileTime.fromMillis(1_700_000_000_000L);
    Files.setLastModifiedTime(first.resolve("config.yaml"), time);
    Files.setLastModifiedTime(second.resolve("config.yaml"), time);
    Path data = directory.resolve("..data");
    Files.createSymbolicLink(data, first.getFileName());
    file = directory.resolve("config.yaml");
    Files.createSymbolicLink(file, Path.of("..data", "config.yaml"));
    watch();
    Path swap = directory.resolve("..data_tmp");
    Files.createSymbolicLink(swap, second.getFileName());
    Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    awaitLevels(LogSettings.Level.WARN);
  }

  @Test
  void tellsOnceThatTheFileIsGoneAndThatItIsBack() throws IOException {
    watchFile("log: {level: info}");
    Files.delete(file);
    awaitTold(1);
    assertThat(told.get(0).config()).isEmpty();
    assertThat(told.get(0).problems())
        .extracting(Problem::message)
        .containsExactly("there is no such file");
    replace("log: {level: info}");
    awaitTold(2);
    assertThat(told.get(1).config()).isPresent();
  }

  @Test
  void tellsABadStateOnce() throws IOException {
    watchFile("log: {level: info}");
    replace("log: {level: loud}");
    awaitTold(1);
    assertThat(last().config()).isEmpty();
    // The same bytes again, as a new file: nothing new to say until the next content.
    replace("log: {level: loud}");
    watcher.trigger();
    awaitTold(2);
    replace("log: {level: warn}");
    awaitTold(3);
    assertThat(last().config()).isPresent();
  }

  @Test
  void staysSilentWhenTheContentIsTheSame() throws IOException {
    watchFile("log: {level: info}");
    replace("log: {level: info}");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_700_000_000_000L));
    watcher.trigger();
    awaitTold(1);
    replace("log: {level: warn}");
    awaitLevels(LogSettings.Level.INFO, LogSettings.Level.WARN);
  }

  @Test
  void readsAFileThatNeverRests() throws IOException {
    watchFile("log: {level: info}");
    int[] writes = {0};
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(1))
        .until(
            () -> {
              Files.writeString(file, "log: {level: warn} #" + writes[0]++);
              return !told.isEmpty();
            });
  }

  @Test
  void noticesAChangeMadeBetweenTheStartOfThePeerAndItsOwn() throws IOException {
    file = Files.writeString(directory.resolve("config.yaml"), "log: {level: info}");
    ConfigLoader loader = loader();
    LoadResult inForce = loader.load();
    Files.writeString(file, "log: {level: warn}");
    start(loader, inForce, told::add);
    awaitLevels(LogSettings.Level.WARN);
  }

  @Test
  void aFileThatWasMissingAtTheStartMayComeLater() throws IOException {
    file = directory.resolve("config.yaml");
    watch();
    replace("log: {level: warn}");
    awaitLevels(LogSettings.Level.WARN);
  }

  @Test
  void aListenerThatThrowsIsCalledAgain() throws IOException {
    file = Files.writeString(directory.resolve("config.yaml"), "log: {level: info}");
    ConfigLoader loader = loader();
    start(
        loader,
        loader.load(),
        result -> {
          told.add(result);
          throw new AssertionError("a listener that always fails");
        });
    watcher.trigger();
    awaitTold(1);
    watcher.trigger();
    awaitTold(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"envoy.yaml", "lds.yaml", "cds.yaml", "eds_cluster1.yaml"})
  void noticesAChangeOfAnyOfEnvoysFiles(String name) throws IOException {
    EnvoyFiles files = new EnvoyFiles(directory);
    start(files.loader(), files.load(), told::add);
    files.write(name, Files.readString(files.path(name)) + "# changed");
    awaitTold(1);
    assertThat(last().config()).isPresent();
    assertThat(last().hash()).isEqualTo(files.load().hash());
    Files.delete(files.path(name));
    awaitTold(2);
    assertThat(last().config()).isEmpty();
    assertThat(last().files())
        .hasSize(name.equals("cds.yaml") ? 3 : name.equals("envoy.yaml") ? 2 : 5);
    new EnvoyFiles(Files.createDirectory(directory.resolve("again")));
    files.write(name, Files.readAllBytes(directory.resolve("again").resolve(name)));
    awaitTold(3);
    assertThat(last().config()).isPresent();
  }

  @Test
  void followsTheFilesThatAReloadNames() throws IOException {
    EnvoyFiles files = new EnvoyFiles(directory);
    start(files.loader(), files.load(), told::add);
    files.write("other.yaml", Files.readAllBytes(files.path("eds_cluster2.yaml")));
    files.replace("cds.yaml", "./eds_cluster2.yaml", "./other.yaml");
    awaitTold(1);
    files.replace("other.yaml", "192.0.2.21", "192.0.2.22");
    awaitTold(2);
    assertThat(last().config().orElseThrow().services().get(1).endpoints().get(0).address())
        .isEqualTo(new HostPort("192.0.2.22", 6443));
    // Nobody names it any more.
    files.replace("eds_cluster2.yaml", "192.0.2.21", "192.0.2.23");
    watcher.trigger();
    awaitTold(3);
    assertThat(last().hash()).isEqualTo(told.get(1).hash());
  }

  @Test
  void aTriggerWorksWithoutAFile() {
    ConfigLoader loader = new ConfigLoader(Optional.empty(), Map.of("LOG_LEVEL", "warn"), Map.of());
    start(loader, loader.load(), told::add);
    watcher.trigger();
    awaitLevels(LogSettings.Level.WARN);
  }

  @Test
  void canBeClosedByItsListener() {
    ConfigLoader loader = new ConfigLoader(Optional.empty(), Map.of(), Map.of());
    start(
        loader,
        loader.load(),
        result -> {
          told.add(result);
          watcher.close();
        });
    watcher.trigger();
    awaitTold(1);
  }

  /** Puts a whole new file in place at once, so that no look sees half of it. */
  private void replace(String content) throws IOException {
    Path other = Files.writeString(directory.resolve("other"), content);
    Files.move(other, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void watchFile(String content) throws IOException {
    file = Files.writeString(directory.resolve("config.yaml"), content);
    watch();
  }

  private void watch() {
    ConfigLoader loader = loader();
    start(loader, loader.load(), told::add);
  }

  private ConfigLoader loader() {
    return new ConfigLoader(Optional.of(file), Map.of(), Map.of());
  }

  private void start(ConfigLoader loader, LoadResult inForce, Consumer<LoadResult> listener) {
    watcher = new ConfigWatcher(loader, inForce, listener, Duration.ofMillis(10));
    watcher.start();
  }

  private void awaitTold(int count) {
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(told).hasSize(count));
  }

  private void awaitLevels(LogSettings.Level... levels) {
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(5))
        .untilAsserted(() -> assertThat(levels()).containsExactly(levels));
  }

  /** For files written in place, where a look may fall between their truncation and the end. */
  private void awaitAtLast(LogSettings.Level level) {
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                !told.isEmpty()
                    && last().config().filter(c -> c.log().level() == level).isPresent());
  }

  private LoadResult last() {
    return told.get(told.size() - 1);
  }

  private List<LogSettings.Level> levels() {
    return told.stream().flatMap(r -> r.config().stream()).map(c -> c.log().level()).toList();
  }
}
