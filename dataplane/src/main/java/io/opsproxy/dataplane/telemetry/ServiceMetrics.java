package io.opsproxy.dataplane.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.BooleanSupplier;

/**
 * The meters of one configured service and of its endpoints. Counters of the service are exported
 * from their first count on, so that one that nothing watches exports nothing here. Any thread.
 */
public final class ServiceMetrics {
  /** Meters of one endpoint; that of the certificate is made when one is seen. */
  private static final class OfEndpoint {
    private final Gauge healthy;
    private final Counter checksFailed;
    private volatile long certificateEnds;
    private Gauge certificate;

    private OfEndpoint(Gauge healthy, Counter checksFailed) {
      this.healthy = healthy;
      this.checksFailed = checksFailed;
    }
  }

  private final Metrics metrics;
  private final String service;
  private final AtomicReferenceArray<Counter> counters =
      new AtomicReferenceArray<>(Metric.values().length);
  private final Map<String, OfEndpoint> endpoints = new HashMap<>();

  ServiceMetrics(Metrics metrics, String service) {
    this.metrics = metrics;
    this.service = service;
  }

  /** Counts one of the counters whose only label is the service. */
  public void count(Metric metric) {
    Counter counter = counters.get(metric.ordinal());
    if (counter == null) {
      counter = metrics.counter(metric, service);
      counters.set(metric.ordinal(), counter);
    }
    counter.increment();
  }

  /** Counts a failed check; nothing when the endpoint is not one of {@link #watched}. */
  public synchronized void checkFailed(String endpoint) {
    OfEndpoint meters = endpoints.get(endpoint);
    if (meters != null) {
      meters.checksFailed.increment();
    }
  }

  /**
   * A check has seen the endpoint's certificate; nothing when it is not one of {@link #watched}.
   */
  public synchronized void certificateEnds(String endpoint, Instant end) {
    OfEndpoint meters = endpoints.get(endpoint);
    if (meters == null) {
      return;
    }
    meters.certificateEnds = end.getEpochSecond();
    if (meters.certificate == null) {
      meters.certificate =
          metrics.gauge(
              Metric.ENDPOINT_CERTIFICATE_EXPIRY, () -> meters.certificateEnds, service, endpoint);
    }
  }

  /**
   * The endpoints that are watched now, each with what says whether it is healthy. Those of before
   * that are not among them lose their meters.
   */
  public synchronized void watched(Map<String, BooleanSupplier> now) {
    Map<String, OfEndpoint> before = new HashMap<>(endpoints);
    endpoints.clear();
    for (OfEndpoint meters : before.values()) {
      metrics.remove(meters.healthy);
      if (meters.certificate != null) {
        metrics.remove(meters.certificate);
      }
    }
    now.forEach(
        (endpoint, healthy) ->
            endpoints.put(
                endpoint,
                new OfEndpoint(
                    metrics.gauge(
                        Metric.ENDPOINT_HEALTHY,
                        () -> healthy.getAsBoolean() ? 1 : 0,
                        service,
                        endpoint),
                    metrics.counter(Metric.ENDPOINT_CHECKS_FAILED, service, endpoint))));
    before.keySet().removeAll(endpoints.keySet());
    before.values().forEach(meters -> metrics.remove(meters.checksFailed));
  }

  void remove() {
    watched(Map.of());
    for (int i = 0; i < counters.length(); i++) {
      Counter counter = counters.getAndSet(i, null);
      if (counter != null) {
        metrics.remove(counter);
      }
    }
  }
}
