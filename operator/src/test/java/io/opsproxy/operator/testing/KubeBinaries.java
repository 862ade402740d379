package io.opsproxy.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Where the servers of Kubernetes are, of the version that {@code operator/kube/go.mod} pins.
 *
 * @param directory holds {@code etcd}, {@code kube-apiserver} and maybe {@code
 *     kube-controller-manager}
 */
record KubeBinaries(Path directory) {
  private static final Pattern PINNED = Pattern.compile("^\\s+k8s\\.io/kubernetes (v[0-9.]+)");

  /** What {@code operator/kube/build} built, or else what could be downloaded; empty if neither. */
  static Optional<KubeBinaries> find() {
    return Found.ONCE;
  }

  private static Optional<KubeBinaries> search() {
    return Optional.of(new KubeBinaries(cache().resolve(version())))
        .filter(KubeBinaries::haveServer)
        .or(
            () ->
                KubeDownload.find(cache(), version())
                    .map(KubeBinaries::new)
                    .filter(KubeBinaries::haveServer));
  }

  private boolean haveServer() {
    return has("etcd") && has("kube-apiserver");
  }

  /** Whether there is a controller manager: a download has none. */
  boolean haveControllers() {
    return has("kube-controller-manager");
  }

  /** The path of a server. */
  String path(String name) {
    return directory.resolve(name).toString();
  }

  private boolean has(String name) {
    return Files.isExecutable(directory.resolve(name));
  }

  /** The directory of all versions, as {@code operator/kube/build} chooses it. */
  private static Path cache() {
    String caches = System.getenv("XDG_CACHE_HOME");
    return (caches == null || caches.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(caches))
        .resolve("ops-proxy/kube");
  }

  /** The version with its {@code v}. */
  static String version() {
    try (Stream<String> lines = Files.lines(Path.of("kube", "go.mod"))) {
      return lines
          .map(PINNED::matcher)
          .filter(Matcher::find)
          .map(matcher -> matcher.group(1))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Searched for with the first question, once. */
  private static final class Found {
    static final Optional<KubeBinaries> ONCE = search();
  }
}
