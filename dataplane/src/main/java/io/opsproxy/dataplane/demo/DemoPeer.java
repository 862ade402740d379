package io.opsproxy.dataplane.demo;

import java.io.IOException;
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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** One peer as a process of its own, on loopback. */
final class DemoPeer implements AutoCloseable {
  private final String name;
  private final Path file;
  private final Path log;
  private final int proxyPort;
  private final int statusPort;
  private final HttpClient http = HttpClient.newHttpClient();
  private Process process;

  DemoPeer(String name, Path directory, int wantedProxyPort, int wantedStatusPort)
      throws IOException {
    this.name = name;
    file = directory.resolve(name + ".yaml");
    log = directory.resolve(name + ".log");
    proxyPort = free(wantedProxyPort);
    statusPort = free(wantedStatusPort);
  }

  private static int free(int wanted) throws IOException {
    try (ServerSocket socket = new ServerSocket(wanted, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException taken) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      }
    }
  }

  String proxy() {
    return "127.0.0.1:" + proxyPort;
  }

  int proxyPort() {
    return proxyPort;
  }

  String status() {
    return "127.0.0.1:" + statusPort;
  }

  /** Writes the file as an editor does that is careful: whole, then renamed into place. */
  void configure(List<DemoPeer> remotes, List<String> services) throws IOException {
    replace(
        "peer:\n  peer_name: "
            + name
            + "\n  bind_addr: \""
            + proxy()
            + "\"\n  listen_address: \""
            + status()
            + "\"\n  remote_peer_addr: \""
            + remotes.stream().map(DemoPeer::proxy).collect(Collectors.joining(","))
            + "\"\n  service_addr: \""
            + String.join(",", services)
            + "\"\n  drain_timeout: 5\n");
  }

  void breakConfiguration() throws IOException {
    replace("peer:\n  bind_addr: \"" + proxy() + "\"\n  connection_timeout: soon\n");
  }

  private void replace(String text) throws IOException {
    Path fresh = Files.writeString(file.resolveSibling(name + ".yaml.new"), text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Null when it is ready, else why not. */
  String start() throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(
        List.of("-XX:+UseSerialGC", "-Xms8m", "-Xmx64m", "-Xss256k", "-XX:-UsePerfData"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of("io.opsproxy.dataplane.cli.Main", "peer", "--config.file=" + file));
    process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    for (int i = 0; i < 1000; i++) {
      if (!process.isAlive()) {
        return "it ended with exit code " + process.exitValue() + ":\n" + Files.readString(log);
      }
      if (page("/readyz").equals("ok\n")) {
        return null;
      }
      Thread.sleep(10);
    }
    return "not ready after 10 s:\n" + Files.readString(log);
  }

  boolean knows(String routed) {
    return page("/status").contains("\"name\":\"" + routed + "\"");
  }

  /** The part of the status page that begins with this field. */
  String status(String field) {
    String page = page("/status");
    int start = page.indexOf("\"" + field + "\":");
    return start < 0
        ? ""
        : page.substring(start, Math.max(start, page.indexOf("\"warnings\"", start)));
  }

  private String page(String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + status() + path))
              .timeout(Duration.ofSeconds(2))
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofString()).body();
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM. Null when it exits with 0. */
  String stop() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(15, TimeUnit.SECONDS)) {
      return "it still runs after 15 s";
    }
    return process.exitValue() == 0 ? null : "exit code " + process.exitValue();
  }

  @Override
  public void close() {
    if (process != null) {
      process.destroyForcibly();
    }
  }
}
