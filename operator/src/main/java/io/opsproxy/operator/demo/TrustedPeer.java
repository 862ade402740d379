package io.opsproxy.operator.demo;

import io.opsproxy.operator.local.PeerProcess;
import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A peer with a certificate, run from a file of its own. */
final class TrustedPeer implements Entrance, AutoCloseable {
  private final String name;
  private final Path file;
  private final int port = freePort();
  private final int status = freePort();
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;
  private volatile boolean closed;

  /**
   * @param directory where its file and its log are, and {@code NAME.crt} and {@code NAME.key}
   */
  TrustedPeer(Path directory, String name) {
    this.name = name;
    file = directory.resolve(name + ".yaml");
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no port is free on loopback", e);
    }
  }

  /** What others dial. */
  String address() {
    return "127.0.0.1:" + port;
  }

  @Override
  public int proxyPort() {
    return port;
  }

  /**
   * Writes its file, whole.
   *
   * @param services in the grammar of SERVICE_ADDR; may be empty
   * @param remotes what it dials; may be empty
   * @param mesh further keys of {@code mesh}
   */
  void configure(String services, String remotes, String mesh) throws IOException {
    Path part = file.resolveSibling(name + ".part");
    Files.writeString(
        part,
        """
        peer:
          peer_name: %1$s
          bind_addr: "127.0.0.1:%2$d"
          listen_address: "127.0.0.1:%3$d"
          service_addr: "%4$s"
          remote_peer_addr: "%5$s"
          reconnect_interval: 500ms
        mesh:
          identity: {certificate: %1$s.crt, key: %1$s.key}
          trust: [{ca: trust/ca.crt, names: ["*.demo"], transit: true}]
          %6$s
        """
            .formatted(name, port, status, services, remotes, mesh));
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  void start() throws IOException {
    process = PeerProcess.start(new ObjectKey("demo", name), file);
    Path log = file.resolveSibling(name + ".log");
    InputStream said = process.getInputStream();
    Thread reader =
        new Thread(
            () -> {
              try {
                Files.copy(said, log, StandardCopyOption.REPLACE_EXISTING);
              } catch (IOException e) {
                if (!closed) {
                  System.err.println(log + " is not written any more: " + e.getMessage());
                }
              }
            },
            "demo-log-" + name);
    reader.setDaemon(true);
    reader.start();
  }

  /** Empty while it cannot be asked. */
  String page(String path) throws InterruptedException {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + status + path))
              .timeout(Duration.ofSeconds(2))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether it has refused somebody for this reason. */
  boolean hasRefused(String reason) throws InterruptedException {
    return page("/metrics")
        .lines()
        .anyMatch(
            line ->
                line.startsWith("ops_proxy_mesh_refusals_total{")
                    && line.contains("reason=\"" + reason + "\"")
                    && !line.endsWith(" 0.0"));
  }

  /** Ends it in good order, or at once when that takes long. */
  @Override
  public void close() {
    if (process == null) {
      return;
    }
    closed = true;
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
