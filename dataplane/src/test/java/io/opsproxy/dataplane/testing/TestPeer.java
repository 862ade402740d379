package io.opsproxy.dataplane.testing;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.ConfigWatcher;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Strictness;
import io.opsproxy.dataplane.peer.Identity;
import io.opsproxy.dataplane.peer.Peer;
import io.opsproxy.dataplane.trust.CredentialsReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A real peer in this process, that follows its file as the command does. */
public final class TestPeer implements PeerUnderTest, AutoCloseable {
  private final Path file;
  private final Peer peer;
  private final ConfigWatcher watcher;
  private final StatusPages pages;

  public TestPeer(Path directory, PeerFile configuration) {
    this(directory, "config.yaml", configuration);
  }

  public TestPeer(Path directory, String fileName, PeerFile configuration) {
    file = directory.resolve(fileName);
    configuration.replace(file);
    ConfigLoader loader =
        new ConfigLoader(
            Optional.of(file),
            PeerUnderTest.variables(),
            Map.of(),
            Strictness.USUAL,
            new CredentialsReader());
    LoadResult loaded = loader.load();
    if (loaded.config().isEmpty()) {
      throw new AssertionError("refused: " + loaded.problems());
    }
    try {
      peer = new Peer(loaded, new Identity("test", "test", "test", "0"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pages = new StatusPages(peer.adminAddress());
    watcher = new ConfigWatcher(loader, loaded, peer::reload, Duration.ofMillis(20));
    watcher.start();
  }

  @Override
  public InetSocketAddress address() {
    return address(Config.PEER_LISTENER);
  }

  public InetSocketAddress address(String listener) {
    return peer.address(listener);
  }

  public Peer peer() {
    return peer;
  }

  @Override
  public StatusPages pages() {
    return pages;
  }

  /** What its file says now. */
  public Config config() {
    return new ConfigLoader(Optional.of(file), Map.of(), Map.of()).load().config().orElseThrow();
  }

  /** Puts another file in place; the watcher sees it. */
  public void reconfigure(PeerFile configuration) {
    configuration.replace(file);
  }

  @Override
  public void close() {
    watcher.close();
    peer.close();
  }
}
