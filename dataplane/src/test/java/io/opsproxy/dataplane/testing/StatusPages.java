package io.opsproxy.dataplane.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.awaitility.core.ConditionFactory;

/** The pages of a peer at its metrics address, as a scraper sees them. */
public final class StatusPages {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private final InetSocketAddress address;

  public StatusPages(InetSocketAddress address) {
    this.address = address;
  }

  public InetSocketAddress address() {
    return address;
  }

  public HttpResponse<String> get(String path) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + address.getPort() + path))
              .timeout(DEADLINE)
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The same on a connection of its own. */
  public Wire.Answer getAnew(String path) {
    try (Wire wire = Wire.connect(address)) {
      return wire.send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n").answer();
    }
  }

  public String status() {
    return get("/status").body();
  }

  /** The sum over all series of a metric that have these labels, such as {@code name="x"}. */
  public double metric(String metric, String... labels) {
    double sum = 0;
    for (String line : get("/metrics").body().split("\n")) {
      if ((line.startsWith(metric + "{") || line.startsWith(metric + " "))
          && List.of(labels).stream().allMatch(line::contains)) {
        sum += Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
      }
    }
    return sum;
  }

  private static ConditionFactory waiting(String what) {
    return await(what)
        .atMost(DEADLINE)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10));
  }

  public void awaitMetric(double value, String metric, String... labels) {
    waiting(metric + List.of(labels))
        .until(() -> metric(metric, labels), actual -> actual == value);
  }

  /** Waits until it is this much at least. */
  public void awaitMetricAbove(double value, String metric, String... labels) {
    waiting(metric + List.of(labels))
        .until(() -> metric(metric, labels), actual -> actual >= value);
  }

  /** Waits until the peer routes a name, to whomever. */
  public void awaitName(String name) {
    waiting(name + " is routed").until(() -> knows(name));
  }

  public void awaitNoName(String name) {
    waiting(name + " is not routed").until(() -> !knows(name));
  }

  public boolean knows(String name) {
    String page = status();
    int peers = page.indexOf("\"peers\":[{\"name\"");
    return page.substring(0, peers < 0 ? page.length() : peers)
        .contains("{\"name\":\"" + name + "\"");
  }

  /** Waits until nothing is under way for any client. */
  public void awaitIdle() {
    awaitMetric(0, "ops_proxy_connections_active");
    awaitMetric(0, "ops_proxy_client_active_forwards");
    awaitMetric(0, "ops_proxy_pending_data_connections");
    awaitMetric(0, "ops_proxy_connections_sniffing");
  }

  /** Waits until no socket is open either. */
  public void awaitQuiet() {
    awaitIdle();
    awaitMetric(0, "ops_proxy_open_streams");
  }
}
