package io.opsproxy.operator.testing;

import static java.util.concurrent.TimeUnit.SECONDS;

import io.fabric8.kubeapitest.KubeAPIServerConfigBuilder;
import io.fabric8.kubeapitest.binary.BinaryManager;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeoutException;

/**
 * An API server without controllers, of the pinned minor version, as the kube-api-test of fabric8
 * downloads it. It is tried once in a run and ends in silence: without a network there is none.
 */
final class KubeDownload {
  private static final long LIMIT_SECONDS = 20;

  private KubeDownload() {}

  /**
   * The directory of the programs, if they could be downloaded now or before.
   *
   * @param cache where downloads stay
   * @param version the pinned one, {@code v1.34.3}; downloads exist for some patch versions only
   */
  static Optional<Path> find(Path cache, String version) {
    String minor = version.substring(1, version.lastIndexOf('.'));
    Path kept = cache.resolve("downloaded-v" + minor);
    if (Files.isDirectory(kept)) {
      return Optional.of(kept);
    }
    FutureTask<Path> download = new FutureTask<>(() -> download(cache, kept, minor + ".*"));
    Thread thread = new Thread(download, "kube-download");
    thread.setDaemon(true);
    thread.start();
    try {
      return Optional.of(download.get(LIMIT_SECONDS, SECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static Path download(Path cache, Path kept, String version) throws IOException {
    Files.createDirectories(cache);
    Path part = Files.createTempDirectory(cache, ".download");
    part.toFile().deleteOnExit();
    BinaryManager manager =
        new BinaryManager(
            KubeAPIServerConfigBuilder.anAPIServerConfig()
                .withTestDir(part.toString())
                .withApiServerVersion(version)
                .build());
    manager.initAndDownloadIfRequired();
    try {
      return Files.move(manager.binaries().getApiServer().getParentFile().toPath(), kept);
    } catch (FileAlreadyExistsException e) {
      return kept; // another run was faster
    }
  }
}
