package io.opsproxy.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.opsproxy.dataplane.testing.Tls;
import io.opsproxy.dataplane.testing.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** A steady load: several clients, each with one request over a new TLS connection at a time. */
final class ShortConnections implements AutoCloseable {
  private static final int CLIENTS = 4;
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicBoolean over = new AtomicBoolean();
  private final List<Thread> threads = new ArrayList<>();
  private final InetSocketAddress target;
  private final Tls tls;

  private record Failure(long begun, String what) {}

  ShortConnections(InetSocketAddress target, Tls tls) {
    this.target = target;
    this.tls = tls;
    for (int i = 0; i < CLIENTS; i++) {
      Thread thread = new Thread(this::run, "load");
      threads.add(thread);
      thread.start();
    }
    awaitMore();
  }

  private void run() {
    while (!over.get()) {
      long begun = System.nanoTime();
      try {
        request(target, tls);
      } catch (AssertionError | RuntimeException e) {
        failures.add(new Failure(begun, e.toString()));
      }
      requests.incrementAndGet();
    }
  }

  /** The body that comes back. */
  static String request(InetSocketAddress target, Tls tls) {
    try (Wire wire = Wire.connect(target);
        Wire secured = tls.client(wire, ApiServer.NAME)) {
      return secured.get(ApiServer.NAME).body();
    }
  }

  /** Waits for as many requests as are a sample. */
  void awaitMore() {
    int before = requests.get();
    await().atMost(Duration.ofSeconds(30)).until(() -> requests.get() >= before + 100);
  }

  /** All went well that began since, and not more failed than were under way to dead endpoints. */
  void assertOnlyFailedBefore(long time, int deaths) {
    assertThat(failures).filteredOn(failure -> failure.begun - time > 0).isEmpty();
    assertThat(failures).hasSizeLessThanOrEqualTo(deaths * CLIENTS);
  }

  void assertSomeFailed() {
    assertThat(failures).isNotEmpty();
  }

  void assertNoneFailed() {
    assertThat(failures).isEmpty();
  }

  @Override
  public void close() {
    over.set(true);
    await().atMost(Duration.ofSeconds(30)).until(() -> threads.stream().noneMatch(Thread::isAlive));
  }
}
