package io.opsproxy.dataplane.envoy;

import io.opsproxy.dataplane.testing.PrivateCa;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * An API server as a process: HTTPS, {@code /healthz}, and one page. It does what the lines of its
 * standard input say, and ends with it.
 */
public final class ApiServerMain {
  /** More than it ever has open besides. */
  private static final int LOWER_DESCRIPTORS = 256;

  private final Tls tls;
  private final String body;
  private final int backlog;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Semaphore accepting = new Semaphore(1);
  private ServerSocket server;
  private volatile Thread acceptor;

  private ApiServerMain(Tls tls, String body, int backlog) {
    this.tls = tls;
    this.body = body;
    this.backlog = backlog;
  }

  /** Port (0: any), backlog, body, key store. */
  public static void main(String[] args) throws Exception {
    ApiServerMain it =
        new ApiServerMain(PrivateCa.of(Path.of(args[3])), args[2], Integer.parseInt(args[1]));
    it.listen(Integer.parseInt(args[0]));
    int port = it.server.getLocalPort();
    say("port " + port);
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String order = orders.readLine(); order != null; order = orders.readLine()) {
      switch (order) {
        case "pause" -> it.accepting.acquire();
        case "resume" -> it.accepting.release();
        case "refuse" -> it.refuse();
        case "listen" -> it.listen(port);
        default -> throw new IllegalArgumentException(order);
      }
      say("done " + order);
    }
    System.exit(0);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void listen(int port) throws IOException {
    server = highest();
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), backlog);
    ServerSocket next = server;
    acceptor = new Thread(() -> acceptAll(next), "accept");
    acceptor.setDaemon(true);
    acceptor.start();
  }

  /**
   * A socket whose descriptor is above those of all connections. The kernel closes the descriptors
   * of a killed process from the highest down, so that it is dead at once for clients: none that
   * was cut is accepted once more by what is left of it.
   */
  private static ServerSocket highest() throws IOException {
    Deque<Closeable> lower = new ArrayDeque<>();
    try {
      while (lower.size() < LOWER_DESCRIPTORS) {
        lower.add(new FileInputStream("/dev/null"));
      }
      ServerSocket socket = new ServerSocket();
      // has a descriptor from now on
      socket.setReuseAddress(true);
      return socket;
    } finally {
      for (Closeable each : lower) {
        each.close();
      }
    }
  }

  private void refuse() throws IOException, InterruptedException {
    server.close();
    // the kernel goes on accepting until the thread in accept has let go of the socket
    acceptor.join();
  }

  private void acceptAll(ServerSocket from) {
    try {
      while (true) {
        Wire wire = new Wire(from.accept());
        accepting.acquireUninterruptibly();
        accepting.release();
        threads.execute(() -> serve(wire));
      }
    } catch (IOException e) {
      // told to refuse
    }
  }

  private void serve(Wire wire) {
    try (wire;
        Wire secured = tls.server(wire)) {
      ApiServer.answer(secured, 200, ApiServer.asksForHealth(secured) ? "ok" : body);
    } catch (RuntimeException | AssertionError e) {
      // the client left
    }
  }
}
