package io.opsproxy.operator.demo;

import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.local.BackendPort;
import io.opsproxy.operator.local.Console;
import io.opsproxy.operator.local.LocalMesh;
import io.opsproxy.operator.local.ManifestFiles;
import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** {@code up} of a copy of the shipped example, which may be edited. */
final class DemoMesh implements AutoCloseable {
  /** Long enough for the loss of a peer to be seen before it is back. */
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final Path file;
  private final Path log;
  private final String example;
  private final LocalMesh mesh;
  private final Thread follower;
  private final List<String> said = new CopyOnWriteArrayList<>();

  /**
   * @param backends ports of this machine by the Service and port that the example names
   */
  DemoMesh(Path directory, Map<String, Integer> backends) throws IOException {
    file = directory.resolve("mesh.yaml");
    log = directory.resolve("up.log");
    try (InputStream in = DemoMesh.class.getResourceAsStream("/demo/mesh.yaml")) {
      example = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    Map<BackendPort, HostPort> resolved = new HashMap<>();
    backends.forEach(
        (service, port) -> {
          int colon = service.indexOf(':');
          resolved.put(
              new BackendPort(
                  new ObjectKey("demo", service.substring(0, colon)),
                  Integer.parseInt(service.substring(colon + 1))),
              new HostPort("127.0.0.1", port));
        });
    restore();
    mesh =
        new LocalMesh(
            new LocalMesh.Settings("demo", "unused", resolved, PAUSE),
            new ManifestFiles(List.of(file.toString()), InputStream.nullInputStream()),
            console());
    follower = new Thread(this::follow, "demo-follow");
    follower.setDaemon(true);
  }

  private Console console() {
    return new Console() {
      @Override
      public void up(String line) {
        say(line);
      }

      @Override
      public synchronized void say(String line) {
        said.add(line);
        try {
          Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
          System.err.println(line);
        }
      }
    };
  }

  DemoPeer peer(String name) {
    return new DemoPeer(mesh, name);
  }

  boolean start() throws IOException {
    boolean started = mesh.start();
    follower.start();
    return started;
  }

  private void follow() {
    try {
      mesh.follow();
    } catch (IOException e) {
      System.err.println("the demo does not follow " + file + " any more: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The objects, to be edited. */
  Path file() {
    return file;
  }

  /** What the peers and {@code up} print. */
  Path log() {
    return log;
  }

  /** Whether a line with that in it was printed, by {@code up} or a peer. */
  boolean said(String part) {
    return said.stream().anyMatch(line -> line.contains(part));
  }

  /** Saves the example with one thing changed, as an editor does that is careful. */
  void edit(String part, String instead) throws IOException {
    if (!example.contains(part)) {
      throw new IllegalArgumentException("the example lacks " + part);
    }
    save(example.replace(part, instead));
  }

  /** Saves the example without an object and all that names it. */
  void remove(String kind, String name) throws IOException {
    StringBuilder rest = new StringBuilder();
    for (String document : example.split("---\n", -1)) {
      boolean itself = document.contains("kind: " + kind + "\nmetadata: {name: " + name + ",");
      if (!itself && !document.contains("peerRef: {name: " + name + "}\n  hostnames")) {
        rest.append(rest.isEmpty() ? "" : "---\n").append(document);
      }
    }
    save(rest.toString());
  }

  void restore() throws IOException {
    save(example);
  }

  private void save(String text) throws IOException {
    Path fresh = Files.writeString(file.resolveSibling("mesh.yaml.new"), text);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void close() {
    mesh.close();
  }
}
