package io.opsproxy.dataplane.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network between two peers: passes connections on, remembers what went through, and can stop
 * delivering without closing anything.
 */
public final class Tap implements AutoCloseable {
  private static final int MOST_REMEMBERED = 16 * 1024 * 1024;
  private final ServerSocket server;
  private final InetSocketAddress target;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private volatile boolean cut;
  private volatile boolean closed;

  public Tap(InetSocketAddress target) {
    this.target = target;
    try {
      server = new ServerSocket(0, 256, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "tap");
    thread.setDaemon(true);
    thread.start();
  }

  public String address() {
    return "127.0.0.1:" + server.getLocalPort();
  }

  /** Connections so far. */
  public int accepted() {
    return accepted.get();
  }

  /** Whether this went through, in either direction. */
  public boolean hasSeen(String text) {
    synchronized (seen) {
      return seen.toString(StandardCharsets.ISO_8859_1).contains(text);
    }
  }

  /** From now on nothing is delivered, and nobody is told. */
  public void cut() {
    cut = true;
  }

  private void accept() {
    while (!closed) {
      try {
        Socket from = server.accept();
        accepted.incrementAndGet();
        open.add(from);
        if (!cut) {
          Socket to = new Socket(target.getAddress(), target.getPort());
          open.add(to);
          start(() -> pass(from, to));
          start(() -> pass(to, from));
        }
      } catch (IOException e) {
        // closed, or a target that is gone
      }
    }
  }

  private void pass(Socket from, Socket to) {
    byte[] buffer = new byte[16 * 1024];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (cut) {
          continue;
        }
        synchronized (seen) {
          if (seen.size() < MOST_REMEMBERED) {
            seen.write(buffer, 0, count);
          }
        }
        out.write(buffer, 0, count);
      }
      if (!cut) {
        to.shutdownOutput();
      }
    } catch (IOException e) {
      if (!cut) {
        abort(from);
        abort(to);
      }
    }
  }

  private static void abort(Socket socket) {
    try (socket) {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // it is closed
    }
  }

  @Override
  public void close() {
    closed = true;
    open.forEach(Tap::abort);
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
