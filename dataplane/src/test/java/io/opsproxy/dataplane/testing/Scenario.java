package io.opsproxy.dataplane.testing;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Real peers in this process, and clients, backends and scripted peers around them. When a test is
 * over all of those are closed, and nothing of them may be left in the peers.
 */
public abstract class Scenario {
  @TempDir protected Path directory;
  private final List<TestPeer> peers = new ArrayList<>();
  private int files;
  private final List<PeerProcess> processes = new ArrayList<>();
  private final List<ScriptedPeer> scripted = new ArrayList<>();
  private final List<Backend> backends = new ArrayList<>();
  private final List<DeadPort> dead = new ArrayList<>();
  private final List<Wire> clients = new ArrayList<>();

  protected TestPeer start(PeerFile configuration) {
    TestPeer peer = new TestPeer(directory, "peer-" + files++ + ".yaml", configuration);
    peers.add(peer);
    return peer;
  }

  /** Ends a peer, which serves nobody any more, before the test is over. */
  protected void stop(TestPeer peer) {
    peer.pages().awaitIdle();
    peers.remove(peer);
    peer.close();
  }

  /** A peer in a process of its own. */
  protected PeerProcess process(PeerFile configuration) {
    return process(configuration, "");
  }

  /** With a file that is there already. */
  protected PeerProcess process(Path file) {
    PeerProcess process = new PeerProcess(file, "");
    processes.add(process);
    return process.start();
  }

  /** The same after a command of the shell, such as {@code ulimit -n 128}. */
  protected PeerProcess process(PeerFile configuration, String limit) {
    Path file = directory.resolve("process-" + processes.size() + ".yaml");
    configuration.replace(file);
    PeerProcess process = new PeerProcess(file, limit);
    processes.add(process);
    return process.start();
  }

  protected ScriptedPeer scripted(String id) {
    ScriptedPeer peer = new ScriptedPeer(id);
    scripted.add(peer);
    return peer;
  }

  protected Backend backend(Backend backend) {
    backends.add(backend);
    return backend;
  }

  /** A port that refuses until the test is over. */
  protected DeadPort deadPort() {
    DeadPort port = new DeadPort();
    dead.add(port);
    return port;
  }

  protected Wire client(PeerUnderTest peer) {
    return client(peer.address());
  }

  protected Wire client(InetSocketAddress address) {
    return client(Wire.connect(address));
  }

  protected Wire client(Wire wire) {
    clients.add(wire);
    return wire;
  }

  @AfterEach
  final void nothingIsLeft() {
    clients.forEach(Wire::close);
    scripted.forEach(ScriptedPeer::close);
    backends.forEach(Backend::close);
    dead.forEach(DeadPort::close);
    try {
      for (PeerProcess process : processes) {
        if (process.isAlive()) {
          process.pages().awaitIdle();
        }
        process.close();
      }
      while (!peers.isEmpty()) {
        // the links between peers of a test end with those that were started later
        TestPeer last = peers.get(peers.size() - 1);
        last.pages().awaitIdle();
        if (peers.size() == 1) {
          last.pages().awaitQuiet();
        }
        last.close();
        peers.remove(last);
      }
    } finally {
      processes.forEach(PeerProcess::close);
      peers.forEach(TestPeer::close);
    }
  }
}
