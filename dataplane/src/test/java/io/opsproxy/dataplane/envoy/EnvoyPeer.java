package io.opsproxy.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.ConfigWatcher;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.peer.Identity;
import io.opsproxy.dataplane.peer.Peer;
import io.opsproxy.dataplane.testing.StatusPages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/** A peer in this process that runs from Envoy's files, and follows them as the command does. */
final class EnvoyPeer implements AutoCloseable {
  private final Peer peer;
  private final ConfigWatcher watcher;
  private final StatusPages admin;

  EnvoyPeer(SeedFiles files) {
    ConfigLoader loader =
        new ConfigLoader(
            Optional.of(files.bootstrap()), Map.of("PEER_LISTEN_ADDRESS", "127.0.0.1:0"), Map.of());
    LoadResult loaded = loader.load();
    assertThat(loaded.config()).as("%s", loaded.problems()).isPresent();
    try {
      peer = new Peer(loaded, new Identity("test", "test", "test", "0"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    admin = new StatusPages(peer.envoyAdminAddress().orElseThrow());
    watcher = new ConfigWatcher(loader, loaded, peer::reload);
    watcher.start();
  }

  /** Where the clients of a cluster connect. */
  InetSocketAddress listener(int cluster) {
    return peer.address("k8s_cluster" + cluster);
  }

  InetSocketAddress adminAddress() {
    return peer.envoyAdminAddress().orElseThrow();
  }

  /** The pages that every peer has. */
  StatusPages status() {
    return new StatusPages(peer.adminAddress());
  }

  /** One of Envoy's pages. */
  String page(String path) {
    HttpResponse<String> answer = admin.get(path);
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    return answer.body();
  }

  /** What /clusters says of the endpoint on this port; empty when it does not have it. */
  String stat(int port, String stat) {
    for (String line : page("/clusters").split("\n")) {
      if (line.contains("::127.0.0.1:" + port + "::" + stat + "::")) {
        return line.substring(line.lastIndexOf("::") + 2);
      }
    }
    return "";
  }

  /** Its health. */
  String flags(int port) {
    return stat(port, "health_flags");
  }

  static void awaiting(String what, Callable<Boolean> condition) {
    await(what).atMost(Duration.ofSeconds(20)).until(condition);
  }

  @Override
  public void close() {
    watcher.close();
    peer.close();
  }
}
