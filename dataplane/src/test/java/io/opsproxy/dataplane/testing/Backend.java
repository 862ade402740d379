package io.opsproxy.dataplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A TCP server on loopback. Without a handler its connections are queued for the test to take; with
 * one each is served by a thread of its own.
 */
public final class Backend implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 20;
  private final ServerSocket server;
  private final BlockingQueue<Wire> queue = new LinkedBlockingQueue<>();
  private final Set<Wire> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final Thread acceptor;

  private Backend(int port, Consumer<Wire> handler) {
    try {
      server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    acceptor = daemon("backend-accept", () -> acceptAll(handler));
  }

  /** Connections wait for {@link #accept}. */
  public static Backend queueing() {
    return new Backend(0, null);
  }

  /** The same on a port that was free a moment ago. */
  public static Backend queueing(int port) {
    return new Backend(port, null);
  }

  public static Backend serving(Consumer<Wire> handler) {
    return new Backend(0, handler);
  }

  /** The same on a port that was free a moment ago. */
  public static Backend serving(int port, Consumer<Wire> handler) {
    return new Backend(port, handler);
  }

  /** Answers any number of requests on each connection with this body. */
  public static Backend http(String body) {
    return serving(wire -> answerAll(wire, body));
  }

  /** Serves requests until the client ends. */
  public static void answerAll(Wire wire, String body) {
    try {
      while (true) {
        while (!wire.line().equals("\r")) {
          // the rest of the head
        }
        wire.send("HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
      }
    } catch (AssertionError ended) {
      // the client has what it wanted
    }
  }

  private void acceptAll(Consumer<Wire> handler) {
    try {
      while (true) {
        Wire wire = new Wire(server.accept());
        accepted.incrementAndGet();
        open.add(wire);
        if (handler == null) {
          queue.add(wire);
        } else {
          daemon("backend", () -> serve(wire, handler));
        }
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void serve(Wire wire, Consumer<Wire> handler) {
    try {
      handler.accept(wire);
    } catch (UncheckedIOException | AssertionError e) {
      // the other side went away
    } finally {
      wire.close();
      open.remove(wire);
    }
  }

  static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** The next connection. */
  public Wire accept() {
    try {
      Wire wire = queue.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
      if (wire == null) {
        throw new AssertionError("nobody connected within " + DEADLINE_SECONDS + " s");
      }
      return wire;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** True when a connection waits to be taken. */
  public boolean isAsked() {
    return !queue.isEmpty();
  }

  /** Connections so far. */
  public int accepted() {
    return accepted.get();
  }

  public int port() {
    return server.getLocalPort();
  }

  public String address() {
    return "127.0.0.1:" + port();
  }

  /** This backend as an item of SERVICE_ADDR. */
  public String as(String name) {
    return name + ":" + address();
  }

  /** A port that was free a moment ago, to listen on; for one that refuses, {@link DeadPort}. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its port refuses once this returns, and all that was open is closed. */
  @Override
  public void close() {
    try {
      server.close();
      // the kernel goes on accepting until the thread in accept has let go of the socket
      acceptor.join(TimeUnit.SECONDS.toMillis(DEADLINE_SECONDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
    open.forEach(Wire::close);
    queue.forEach(Wire::close);
  }
}
