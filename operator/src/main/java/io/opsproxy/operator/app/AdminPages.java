package io.opsproxy.operator.app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/** {@code /healthz}, {@code /readyz} and {@code /metrics} of the operator. */
final class AdminPages implements AutoCloseable {
  private final HttpServer server;

  /**
   * @param readiness why it is not ready; empty when it is
   * @throws IOException when the address cannot be bound
   */
  AdminPages(InetSocketAddress address, Supplier<String> readiness, Supplier<String> metrics)
      throws IOException {
    server = HttpServer.create(address, 0);
    server.createContext("/healthz", exchange -> answer(exchange, 200, "ok\n"));
    server.createContext(
        "/readyz",
        exchange -> {
          String problem = readiness.get();
          answer(
              exchange,
              problem.isEmpty() ? 200 : 503,
              problem.isEmpty() ? "ready\n" : problem + "\n");
        });
    server.createContext("/metrics", exchange -> answer(exchange, 200, metrics.get()));
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange, int status, String text) throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
