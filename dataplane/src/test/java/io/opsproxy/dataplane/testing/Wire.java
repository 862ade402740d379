package io.opsproxy.dataplane.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * One plain TCP connection of a test. Everything that is read has a deadline; what is sent is sent
 * at once.
 */
public final class Wire implements AutoCloseable {
  private static final int DEADLINE_MILLIS = 20_000;
  private final Socket socket;
  private final InputStream in;

  public Wire(Socket socket) {
    this.socket = socket;
    try {
      socket.setSoTimeout(DEADLINE_MILLIS);
      socket.setTcpNoDelay(true);
      in = socket.getInputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static Wire connect(InetSocketAddress target) {
    return connect(target.getAddress() instanceof Inet6Address ? "::1" : "127.0.0.1", target);
  }

  /** From this address of the loopback net. */
  public static Wire connect(String source, InetSocketAddress target) {
    try {
      Socket socket = new Socket();
      socket.bind(new InetSocketAddress(InetAddress.getByName(source), 0));
      socket.connect(target, DEADLINE_MILLIS);
      return new Wire(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A connection that does not read: with little room in its receive buffer. */
  public static Wire connectWithSmallWindow(InetSocketAddress target) {
    try {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(16 * 1024);
      socket.connect(target, DEADLINE_MILLIS);
      return new Wire(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Socket socket() {
    return socket;
  }

  public Wire send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  public Wire send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One byte a segment. */
  public Wire drip(String text) {
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      send(new byte[] {b});
    }
    return this;
  }

  /** The next line, without its end. */
  public String line() {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    try {
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0) {
          throw new AssertionError("the connection ended within the line \"" + line + "\"");
        }
        line.write(next);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no line end came after \"" + line + "\"", e);
    } catch (IOException e) {
      throw new AssertionError("the connection broke within the line \"" + line + "\"", e);
    }
    return line.toString(StandardCharsets.UTF_8);
  }

  /** So many bytes. */
  public byte[] bytes(int count) {
    try {
      byte[] bytes = in.readNBytes(count);
      if (bytes.length < count) {
        throw new AssertionError(
            "only "
                + bytes.length
                + " of "
                + count
                + " bytes: "
                + new String(bytes, StandardCharsets.UTF_8));
      }
      return bytes;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  public String text(int count) {
    return new String(bytes(count), StandardCharsets.UTF_8);
  }

  /** Everything up to the end; a reset counts as the end. */
  public byte[] rest() {
    ByteArrayOutputStream rest = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        rest.write(buffer, 0, count);
      }
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the connection did not end after \"" + rest + "\"", e);
    } catch (IOException e) {
      // reset
    }
    return rest.toByteArray();
  }

  public String restText() {
    return new String(rest(), StandardCharsets.UTF_8);
  }

  /** True when nothing at all comes for so long: for things that must not happen. */
  public boolean isSilentFor(int millis) {
    try {
      socket.setSoTimeout(millis);
      return in.read() == Integer.MIN_VALUE;
    } catch (SocketTimeoutException e) {
      return true;
    } catch (IOException e) {
      return false;
    } finally {
      try {
        socket.setSoTimeout(DEADLINE_MILLIS);
      } catch (IOException e) {
        // closed
      }
    }
  }

  /** An HTTP answer. */
  public record Answer(int status, String head, String body) {}

  /** A request without a body for this name, and its answer. */
  public Answer get(String host) {
    send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return answer();
  }

  /** Reads an answer whose body has a Content-Length. */
  public Answer answer() {
    StringBuilder head = new StringBuilder();
    int length = 0;
    for (String line = line(); !line.equals("\r"); line = line()) {
      head.append(line).append('\n');
      if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    return new Answer(Integer.parseInt(head.substring(9, 12)), head.toString(), text(length));
  }

  public Wire fin() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void rst() {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
