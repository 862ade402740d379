package io.opsproxy.operator.local;

import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ports of this machine for the ports of peers: the same number for the first that asks for it,
 * where nobody has it, else any free one. What a peer was given it keeps until {@link #release}.
 * Thread-safe.
 */
final class Ports {
  private record Wish(ObjectKey peer, int port) {}

  private final Map<Wish, Integer> given = new HashMap<>();

  /** The port of this machine that stands for a port of a peer. */
  synchronized int of(ObjectKey peer, int port) {
    return given.computeIfAbsent(new Wish(peer, port), wish -> free(wish.port()));
  }

  /** A peer is gone, or is to be given ports anew. */
  synchronized void release(ObjectKey peer) {
    given.keySet().removeIf(wish -> wish.peer().equals(peer));
  }

  private int free(int wanted) {
    Set<Integer> taken = new HashSet<>(given.values());
    if (!taken.contains(wanted) && bindable(wanted)) {
      return wanted;
    }
    while (true) {
      int any = any();
      if (!taken.contains(any)) {
        return any;
      }
    }
  }

  /** Whether somebody could listen there, on all addresses too: that is what a pod does. */
  private static boolean bindable(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static int any() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no port of 127.0.0.1 is free", e);
    }
  }
}
