package io.opsproxy.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class AdminServerTest {
  private AdminServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        new AdminServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(
                "/healthz", query -> Page.text(200, "ok"),
                "/readyz", query -> Page.text(503, "draining"),
                "/broken",
                    query -> {
                      throw new IllegalStateException("on purpose");
                    }),
            why -> {});
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private String exchange(String request) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.setSoTimeout(10_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String get(String method, String path) throws IOException {
    return exchange(method + " " + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  }

  @Test
  void pagesAreServedByPath() throws IOException {
    assertThat(get("GET", "/healthz")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\nok\n");
    assertThat(get("GET", "/healthz?verbose=1")).startsWith("HTTP/1.1 200");
    assertThat(get("GET", "/readyz")).startsWith("HTTP/1.1 503").endsWith("draining\n");
  }

  @Test
  void headHasNoBody() throws IOException {
    assertThat(get("HEAD", "/healthz"))
        .startsWith("HTTP/1.1 200")
        .contains("content-length: 3")
        .endsWith("\r\n\r\n");
  }

  @Test
  void anUnknownPageNamesThoseThatThereAre() throws IOException {
    assertThat(get("GET", "/nope"))
        .startsWith("HTTP/1.1 404")
        .contains("/healthz")
        .contains("/readyz");
  }

  @Test
  void nothingCanBeChanged() throws IOException {
    assertThat(get("POST", "/healthz")).startsWith("HTTP/1.1 405");
    assertThat(get("DELETE", "/readyz")).startsWith("HTTP/1.1 405");
  }

  @Test
  void aPageThatFailsDoesNotTakeTheServerDown() throws IOException {
    assertThat(get("GET", "/broken")).startsWith("HTTP/1.1 500");
    assertThat(get("GET", "/healthz")).startsWith("HTTP/1.1 200");
  }

  @Test
  void garbageIsRefused() throws IOException {
    assertThat(exchange("\u0001\u0002 garbage\r\n\r\n")).doesNotContain("200");
  }

  @Test
  void aTakenAddressIsNamed() {
    assertThatThrownBy(() -> new AdminServer(server.address(), Map.of(), why -> {}))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Address already in use");
  }
}
