package io.opsproxy.dataplane.envoy;

import io.opsproxy.dataplane.testing.Backend;
import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.util.concurrent.atomic.AtomicInteger;

/** What a load balancer sees of a Kubernetes API server: HTTPS, with /healthz. */
final class ApiServer implements AutoCloseable {
  static final String NAME = "kubernetes.test";
  private final Tls tls;
  private final String body;
  private final AtomicInteger served = new AtomicInteger();
  private volatile int health = 200;
  private Backend backend;

  ApiServer(Tls tls, String body) {
    this.tls = tls;
    this.body = body;
    backend = Backend.serving(this::serve);
  }

  private void serve(Wire wire) {
    try (Wire secured = tls.server(wire)) {
      if (asksForHealth(secured)) {
        answer(secured, health, "ok");
      } else {
        served.incrementAndGet();
        answer(secured, 200, body);
      }
    }
  }

  /** Reads a request; whether it is for /healthz. */
  static boolean asksForHealth(Wire wire) {
    String request = wire.line();
    while (!wire.line().equals("\r")) {
      // the rest of the head
    }
    return request.startsWith("GET /healthz ");
  }

  static void answer(Wire wire, int status, String body) {
    wire.send(
        "HTTP/1.1 "
            + status
            + " Status\r\nConnection: close\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
  }

  /** Status of /healthz from now on. */
  void health(int status) {
    health = status;
  }

  /** Requests so far, those of health checks aside. */
  int served() {
    return served.get();
  }

  int port() {
    return backend.port();
  }

  /** Its port refuses, and what is open breaks. */
  void die() {
    backend.close();
  }

  /** It is there again, on the port that it had. */
  void revive() {
    backend = Backend.serving(backend.port(), this::serve);
  }

  @Override
  public void close() {
    backend.close();
  }
}
