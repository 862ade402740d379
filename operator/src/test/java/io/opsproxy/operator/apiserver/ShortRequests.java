package io.opsproxy.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A steady load of clients that verify the server's certificate and make a connection for each
 * request. Written on sockets: HTTP clients repeat a request that failed, and say nothing.
 */
final class ShortRequests implements AutoCloseable {
  private static final int CLIENTS = 2;
  private static final int SAMPLE = 40;
  private static final int PATIENCE_MILLIS = 20_000;
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private final int port;
  private final String token;
  private final SSLContext tls;
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();

  private record Failure(long begun, String what) {}

  /**
   * @param config whose token and CA they use
   */
  ShortRequests(int port, Config config) {
    this.port = port;
    token = config.getOauthToken();
    tls = trusting(Path.of(config.getCaCertFile()));
    for (int i = 0; i < CLIENTS; i++) {
      Thread thread = new Thread(this::run, "load");
      threads.add(thread);
      thread.start();
    }
    awaitMore();
  }

  private static SSLContext trusting(Path certificate) {
    try (InputStream in = Files.newInputStream(certificate)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      int number = 0;
      for (var one : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
        trusted.setCertificateEntry("ca" + number++, one);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void run() {
    while (!over.get()) {
      long begun = System.nanoTime();
      try {
        String answer = request();
        if (!answer.startsWith("HTTP/1.1 200 ") || !answer.contains("\"name\":\"default\"")) {
          failures.add(new Failure(begun, answer));
        }
      } catch (IOException e) {
        failures.add(new Failure(begun, e.toString()));
      }
      requests.incrementAndGet();
    }
  }

  private String request() throws IOException {
    try (SSLSocket socket = (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      String head =
          "GET /api/v1/namespaces/default HTTP/1.1\r\nHost: kubernetes\r\nConnection: close\r\n"
              + "Authorization: Bearer "
              + token
              + "\r\n\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Waits for as many requests as are a sample. */
  void awaitMore() {
    int before = requests.get();
    await().atMost(DEADLINE).until(() -> requests.get() >= before + SAMPLE);
  }

  /** All went well that began since; of those before, not more failed than there are clients. */
  void assertOnlyFailedBefore(long nanos) {
    assertThat(failures).filteredOn(failure -> failure.begun - nanos > 0).isEmpty();
    assertThat(failures).hasSizeLessThanOrEqualTo(CLIENTS);
  }

  @Override
  public void close() {
    over.set(true);
    await().atMost(DEADLINE).until(() -> threads.stream().noneMatch(Thread::isAlive));
  }
}
