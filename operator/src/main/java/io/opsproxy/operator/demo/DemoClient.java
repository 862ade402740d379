package io.opsproxy.operator.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** Asks peers as a client would, naming the service in Host or SNI. */
final class DemoClient {
  private static final int TIMEOUT_MILLIS = 10_000;
  private final DemoCertificate certificate;

  DemoClient(DemoCertificate certificate) {
    this.certificate = certificate;
  }

  record Answer(int status, String body) {}

  Answer http(Entrance peer, String name) throws IOException {
    try (Open open = open(peer, name)) {
      return open.first;
    }
  }

  /** A connection that has carried one request and stays open for another. */
  Open open(Entrance peer, String name) throws IOException {
    Socket socket = connect(peer);
    return new Open(socket, name, exchange(socket, name));
  }

  Answer https(Entrance peer, String name) throws IOException {
    try (SSLSocket socket = tls(peer, name)) {
      return exchange(socket, name);
    }
  }

  /** Null when the handshake ends with the alert that says that nobody has the name. */
  String alert(Entrance peer, String name) throws IOException {
    try (SSLSocket socket = tls(peer, name)) {
      socket.startHandshake();
      return "the handshake succeeded";
    } catch (SSLException e) {
      return e.getMessage().contains("unrecognized_name") ? null : e.getMessage();
    }
  }

  private SSLSocket tls(Entrance peer, String name) throws IOException {
    Socket plain = connect(peer);
    SSLSocket socket =
        (SSLSocket)
            certificate
                .client()
                .getSocketFactory()
                .createSocket(plain, name, peer.proxyPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static Socket connect(Entrance peer) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), peer.proxyPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  private static Answer exchange(Socket socket, String name) throws IOException {
    String request = "GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    String head = head(in);
    int status = Integer.parseInt(head.substring(9, 12));
    int length = 0;
    for (String line : head.split("\r\n", -1)) {
      if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    return new Answer(status, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException(
            "the connection ended after " + head.length() + " bytes of the answer's head");
      }
      head.append((char) next);
    }
    return head.toString();
  }

  /** See {@link DemoClient#open}. */
  static final class Open implements AutoCloseable {
    private final Socket socket;
    private final String name;
    private final Answer first;

    private Open(Socket socket, String name, Answer first) {
      this.socket = socket;
      this.name = name;
      this.first = first;
    }

    Answer again() throws IOException {
      return exchange(socket, name);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
