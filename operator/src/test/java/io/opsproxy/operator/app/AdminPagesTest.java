package io.opsproxy.operator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whoever asks badly holds up nobody. */
final class AdminPagesTest {
  private static AdminPages pages() throws IOException {
    return new AdminPages(new InetSocketAddress("127.0.0.1", 0), () -> "", () -> "metrics 1\n");
  }

  private static Socket send(AdminPages pages, String text) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), pages.port());
    socket.setSoTimeout(30_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String get(AdminPages pages, String path) throws IOException {
    try (Socket socket = send(pages, "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
        InputStream in = socket.getInputStream()) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void healthIsToldBesideAnyNumberOfHalfSentRequests() throws IOException {
    List<Socket> half = new ArrayList<>();
    try (AdminPages pages = pages()) {
      for (int i = 0; i < 500; i++) {
        half.add(send(pages, i % 2 == 0 ? "GET /healthz HTTP/1.1\r\nHost: " : ""));
      }
      assertThat(get(pages, "/healthz")).startsWith("HTTP/1.1 200").endsWith("ok\n");
      assertThat(get(pages, "/metrics")).endsWith("metrics 1\n");
    } finally {
      for (Socket socket : half) {
        socket.close();
      }
    }
  }

  @Test
  void anAddressThatIsTakenIsSaid() throws IOException {
    try (AdminPages first = pages()) {
      InetSocketAddress taken = new InetSocketAddress("127.0.0.1", first.port());
      assertThatThrownBy(() -> new AdminPages(taken, () -> "", () -> ""))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1:" + first.port())
          .hasMessageContaining("another address with --admin-address");
    }
  }
}
