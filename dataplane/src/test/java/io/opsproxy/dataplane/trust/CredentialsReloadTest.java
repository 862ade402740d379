package io.opsproxy.dataplane.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.ConfigWatcher;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of {@code mesh:} are followed as the configuration is. */
final class CredentialsReloadTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private final TestAuthority authority = new TestAuthority();
  private final List<LoadResult> told = new CopyOnWriteArrayList<>();
  @TempDir private Path directory;
  private ConfigWatcher watcher;

  @AfterEach
  void close() {
    watcher.close();
  }

  private LoadResult watch(String files) {
    LoadResult first =
        TrustFiles.load(
            directory,
            "identity: {certificate: " + files + "own.crt, key: " + files + "own.key}",
            "trust: [{ca: " + files + "ca.crt, names: [\"*\"]}]");
    assertThat(first.problems()).isEmpty();
    ConfigLoader loader = TrustFiles.loader(directory.resolve("config.yaml"));
    watcher = new ConfigWatcher(loader, first, told::add);
    watcher.start();
    return first;
  }

  private Credentials awaitCredentials() {
    await()
        .atMost(DEADLINE)
        .until(() -> !told.isEmpty() && told.get(told.size() - 1).product().isPresent());
    return CredentialsReader.of(told.get(told.size() - 1)).orElseThrow();
  }

  @Test
  void aRenewedCertificateIsTaken() {
    authority.writeCa(directory);
    authority.write(directory, "own");
    LoadResult first = watch("");
    Issued renewed = authority.write(directory, "own");
    await()
        .atMost(DEADLINE)
        .until(() -> awaitCredentials().identity().chain().get(0).equals(renewed.certificate()));
    assertThat(told.get(told.size() - 1).hash()).isEqualTo(first.hash());
  }

  @Test
  void aBadFileIsToldAndTheNextGoodOneTaken() throws IOException {
    authority.writeCa(directory);
    authority.write(directory, "own");
    watch("");
    Files.writeString(directory.resolve("own.key"), "half");
    await().atMost(DEADLINE).until(() -> !told.isEmpty());
    assertThat(told.get(0).config()).isEmpty();
    assertThat(told.get(0).problems())
        .singleElement()
        .asString()
        .contains("mesh.identity.key")
        .contains("no PEM in it");
    authority.write(directory, "own");
    awaitCredentials();
  }

  @Test
  void theLinkSwapOfKubernetesIsOneChange() throws IOException {
    TestAuthority other = new TestAuthority();
    Path first = Files.createDirectory(directory.resolve("..first"));
    Path second = Files.createDirectory(directory.resolve("..second"));
    authority.writeCa(first);
    authority.write(first, "own");
    other.writeCa(second);
    other.write(second, "own");
    Path data = directory.resolve("..data");
    Files.createSymbolicLink(data, first.getFileName());
    for (String name : List.of("ca.crt", "own.crt", "own.key")) {
      Files.createSymbolicLink(directory.resolve(name), Path.of("..data", name));
    }
    watch("");
    Path swap = Files.createSymbolicLink(directory.resolve("..swap"), second.getFileName());
    Files.move(swap, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    Credentials now = awaitCredentials();
    assertThat(told).hasSize(1);
    assertThat(now.trust().admit(List.of(other.issue("west").certificate()), Instant.now()))
        .isInstanceOf(Verdict.Admitted.class);
    assertThat(now.trust().admit(List.of(authority.issue("west").certificate()), Instant.now()))
        .isInstanceOf(Verdict.Refused.class);
  }
}
