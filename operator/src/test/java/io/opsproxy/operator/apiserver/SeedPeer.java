package io.opsproxy.operator.apiserver;

import static org.awaitility.Awaitility.await;

import io.opsproxy.operator.testing.ApiReplica;
import io.opsproxy.operator.testing.LeashedProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A peer as a process that runs from the five files of an Envoy user. Only addresses are changed,
 * and the place of the access log; health checks are those of the files.
 */
final class SeedPeer implements AutoCloseable {
  private static final Path FILES = Path.of("../dataplane/src/test/resources/config/envoy");
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration DRAIN = Duration.ofSeconds(1);
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final Path directory;
  private final int admin = freePort();
  private final LeashedProcess process;

  /**
   * Starts it, and waits until it serves.
   *
   * @param first the API servers of the first cluster
   * @param second those of the second
   */
  SeedPeer(Path directory, List<ApiReplica> first, List<ApiReplica> second) {
    this.directory = directory;
    copy("envoy.yaml", "port_value: 10000", "port_value: " + admin);
    copy("lds.yaml", "port_value: 644\\d", "port_value: 0");
    copy("cds.yaml", "", "");
    endpoints("eds_cluster1.yaml", first);
    endpoints("eds_cluster2.yaml", second);
    Path log = directory.resolve("peer.log");
    process = LeashedProcess.start("peer", log, null, command());
    await("it serves: " + log)
        .atMost(START)
        .until(() -> !process.isAlive() || page("/ready").contains("LIVE"));
    if (!process.isAlive()) {
      throw new AssertionError(process.log());
    }
  }

  private List<String> command() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-Xmx64m",
        "-XX:-UsePerfData",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        "io.opsproxy.dataplane.cli.Main",
        "-c",
        directory.resolve("envoy.yaml").toString(),
        "--web.listen-address=127.0.0.1:0");
  }

  private void copy(String name, String pattern, String replacement) {
    String text =
        read(FILES.resolve(name))
            .replace("0.0.0.0", "127.0.0.1")
            .replace("/var/log/envoy/access.log", directory.resolve("access.log").toString());
    write(name, pattern.isEmpty() ? text : text.replaceAll(pattern, replacement));
  }

  private void endpoints(String name, List<ApiReplica> servers) {
    String item = "    - endpoint:";
    String text = read(FILES.resolve(name));
    StringBuilder all = new StringBuilder(text.substring(0, text.indexOf(item)));
    for (ApiReplica server : servers) {
      all.append(item)
          .append("\n        address:\n          socket_address:\n")
          .append("            address: 127.0.0.1\n            port_value: ")
          .append(server.port())
          .append('\n');
    }
    write(name, all.toString());
  }

  /** The port of a cluster, 1 or 2. */
  int port(int cluster) {
    return page("/listeners")
        .lines()
        .filter(line -> line.startsWith("k8s_cluster" + cluster + "::"))
        .map(line -> Integer.parseInt(line.substring(line.lastIndexOf(':') + 1)))
        .findFirst()
        .orElseThrow();
  }

  /** What kubectl calls the cluster. */
  String url(int cluster) {
    return "https://127.0.0.1:" + port(cluster);
  }

  /** A line of /clusters about a server, such as {@code health_flags}. */
  String stat(ApiReplica server, String stat) {
    String start = "::127.0.0.1:" + server.port() + "::" + stat + "::";
    Optional<String> line =
        page("/clusters").lines().filter(candidate -> candidate.contains(start)).findFirst();
    return line.map(found -> found.substring(found.lastIndexOf("::") + 2)).orElse("");
  }

  /** Connections open to a server for clients. */
  int active(ApiReplica server) {
    return Integer.parseInt(stat(server, "cx_active"));
  }

  /** Connections made to a server for clients. */
  int connected(ApiReplica server) {
    return Integer.parseInt(stat(server, "rq_success"));
  }

  /** All that it has logged. */
  String log() {
    return process.log();
  }

  /** One of Envoy's pages; empty while nobody serves it. */
  private String page(String path) {
    try {
      return HTTP.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + admin + path)).build(),
              HttpResponse.BodyHandlers.ofString())
          .body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String text) {
    try {
      Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    process.signal("TERM");
    process.awaitEnd(DRAIN);
    process.close();
  }
}
