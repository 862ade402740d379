package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.value.HostPort;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An endpoint that behaves as it is told, and can be killed and started again on its port. */
final class Backend implements AutoCloseable {
  private static final int HANDSHAKE = 0x16;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private volatile ServerSocket server;
  private volatile Thread acceptor;
  private volatile SSLContext tls;
  private volatile int status = 200;
  private volatile boolean silent;

  Backend() throws IOException {
    server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    port = server.getLocalPort();
    serve(server);
  }

  HostPort address() {
    return new HostPort("127.0.0.1", port);
  }

  /** Answers every request with this. */
  Backend status(int next) {
    status = next;
    return this;
  }

  /** Accepts, and never says anything. */
  Backend silent(boolean next) {
    silent = next;
    return this;
  }

  /** Speaks TLS, and tells plain HTTP off as a Go server does; null for plain HTTP. */
  Backend tls(SSLContext next) {
    tls = next;
    return this;
  }

  /** As kill -9 would; connects are refused once this returns. */
  void kill() throws IOException {
    server.close();
    try {
      // the socket lives until accept has let go of it
      acceptor.join(20_000);
    } catch (InterruptedException e) {
      throw new InterruptedIOException();
    }
    for (Socket socket : open) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        // it ended by itself meanwhile
      }
      socket.close();
    }
  }

  void restart() throws IOException {
    server = new ServerSocket(port, 200, InetAddress.getLoopbackAddress());
    serve(server);
  }

  int accepted() {
    return accepted.get();
  }

  /** The most connections that were open at a time. */
  int most() {
    return most.get();
  }

  /** What came before the first empty line of each connection. */
  List<String> heads() {
    return heads;
  }

  @Override
  public void close() throws IOException {
    kill();
  }

  private void serve(ServerSocket listening) {
    acceptor =
        thread(
            () -> {
              while (true) {
                Socket socket = listening.accept();
                accepted.incrementAndGet();
                open.add(socket);
                most.accumulateAndGet(open.size(), Math::max);
                thread(() -> talk(socket), "backend connection");
              }
            },
            "backend " + port);
  }

  private void talk(Socket socket) throws IOException {
    try (socket) {
      InputStream in = socket.getInputStream();
      if (silent) {
        while (in.read() >= 0) {
          // it takes everything
        }
        return;
      }
      int first = in.read();
      SSLContext context = tls;
      if (first < 0) {
        return;
      }
      InputStream consumed = new ByteArrayInputStream(new byte[] {(byte) first});
      if (context == null) {
        answer(socket, first, status);
      } else if (first == HANDSHAKE) {
        SSLSocket secure =
            (SSLSocket) context.getSocketFactory().createSocket(socket, consumed, true);
        answer(secure, -1, status);
      } else {
        answer(socket, first, 400);
      }
    } finally {
      open.remove(socket);
    }
  }

  private void answer(Socket socket, int first, int with) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    if (first >= 0) {
      head.write(first);
    }
    int b = 0;
    // a server of plain HTTP that gets a ClientHello waits here for its end
    while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n") && b >= 0) {
      b = socket.getInputStream().read();
      head.write(b);
    }
    heads.add(head.toString(StandardCharsets.ISO_8859_1));
    if (b >= 0) {
      byte[] bytes =
          ("HTTP/1.1 " + with + " Whatever\r\nContent-Length: 2\r\n\r\nok")
              .getBytes(StandardCharsets.US_ASCII);
      socket.getOutputStream().write(bytes);
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static Thread thread(Work work, String name) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // closed, by one side or the other
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}
