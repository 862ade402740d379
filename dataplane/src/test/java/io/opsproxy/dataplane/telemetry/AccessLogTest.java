package io.opsproxy.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessLogTest {
  @TempDir private Path directory;

  private static AccessRecord entry(long id) {
    AccessRecord entry = new AccessRecord();
    entry.connectionId = id;
    return entry;
  }

  private final AtomicLong dropped = new AtomicLong();

  private AccessLog open(Path path) {
    return new AccessLog(path, AccessLogFormat.text("%CONNECTION_ID%\n"), dropped::addAndGet);
  }

  private static void awaitText(Path file, String text) {
    await()
        .atMost(10, TimeUnit.SECONDS)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(Files.readString(file)).isEqualTo(text));
  }

  @Test
  void aRenamedFileIsLeftAloneAfterReopen() throws IOException {
    Path file = directory.resolve("access.log");
    try (AccessLog log = open(file)) {
      log.log(entry(1));
      awaitText(file, "1\n");
      Path rotated = Files.move(file, directory.resolve("access.log.1"));
      log.log(entry(2));
      awaitText(rotated, "1\n2\n");
      log.reopen();
      log.log(entry(3));
      awaitText(file, "3\n");
      assertThat(rotated).hasContent("1\n2\n");
    }
  }

  @Test
  void closingWritesWhatIsQueued() throws IOException {
    Path file = directory.resolve("access.log");
    AccessLog log = open(file);
    for (int i = 0; i < 1000; i++) {
      log.log(entry(i));
    }
    log.close();
    assertThat(Files.readAllLines(file)).hasSize(1000);
  }

  @Test
  void aDirectoryThatIsMissingIsMade() throws IOException {
    Path file = directory.resolve("var/log/access.log");
    try (AccessLog log = open(file)) {
      log.log(entry(1));
      awaitText(file, "1\n");
    }
  }

  @Test
  void aFileThatCannotBeOpenedIsTriedAgain() throws IOException {
    Path inTheWay = Files.createFile(directory.resolve("logs"));
    Path file = inTheWay.resolve("access.log");
    try (AccessLog log = open(file)) {
      log.log(entry(1));
      Files.delete(inTheWay);
      await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(
              () -> {
                log.log(entry(2));
                assertThat(file).exists();
              });
    }
  }

  @Test
  void whatAFileDoesNotTakeIsCounted() throws IOException {
    Path inTheWay = Files.createFile(directory.resolve("logs"));
    AccessLog log = open(inTheWay.resolve("access.log"));
    for (int i = 0; i < 100; i++) {
      log.log(entry(i));
    }
    log.close();
    assertThat(dropped).hasValue(100);
  }

  @Test
  void whatFindsTheQueueFullIsCounted() throws IOException {
    AccessLog log = open(directory.resolve("access.log"));
    int entries = 400_000;
    for (int i = 0; i < entries; i++) {
      log.log(entry(i));
    }
    log.close();
    assertThat(Files.readAllLines(directory.resolve("access.log")).size() + dropped.get())
        .isEqualTo(entries);
  }
}
