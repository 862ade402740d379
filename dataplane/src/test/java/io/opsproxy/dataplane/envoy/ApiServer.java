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
      String request = secured.line();
      while (!secured.line().equals("\r")) {
        // the rest of the head
      }
      boolean asked = request.startsWith("GET /healthz ");
      String answer = asked ? "ok" : body;
      if (!asked) {
        served.incrementAndGet();
      }
      secured.send(
          "HTTP/1.1 "
              + (asked ? health : 200)
              + " Status\r\nConnection: close\r\nContent-Length: "
              + answer.length()
              + "\r\n\r\n"
              + answer);
    }
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
