package io.opsproxy.dataplane.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleSupplier;
import java.util.function.IntSupplier;

/**
 * The registry of this process. Names and labels come from {@link Metric} alone. Label values are
 * bounded: a name gets meters only while it is configured or registered ({@link #name}), the last
 * {@value #RETIRED_NAMES} that went away are remembered, and everything else is {@link #unknown()}.
 *
 * <p>All methods may be called from any thread.
 */
public final class Metrics {
  private static final int RETIRED_NAMES = 1000;
  private static final String UNKNOWN = "unknown";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<String, NameMetrics> names = new ConcurrentHashMap<>();
  private final Map<String, ServiceMetrics> services = new ConcurrentHashMap<>();
  private final Set<String> retired = new LinkedHashSet<>();
  private final ReservedNameGauges reserved;
  private final NameMetrics unknown;
  private final AtomicInteger pendingData = new AtomicInteger();
  private final Counter dataUnexpected;
  private final Counter[] readPaused;

  /**
   * @param namespace value of the label on every metric; {@code unknown} where it is not known
   * @param node likewise
   * @param pod likewise
   * @param version of this program
   */
  public Metrics(String namespace, String node, String pod, String version) {
    Tags common = Tags.of("namespace", namespace, "node", node, "pod", pod);
    registry.config().commonTags(common);
    reserved = new ReservedNameGauges(common);
    reserved.set(Metric.SERVER_INFO, Tags.of("version", version), () -> 1);
    reserved.set(Metric.CLIENT_INFO, Tags.of("version", version), () -> 1);
    unknown = new NameMetrics(this, UNKNOWN);
    dataUnexpected = counter(Metric.DATA_UNEXPECTED);
    gauge(Metric.PENDING_DATA, pendingData::get);
    readPaused =
        new Counter[] {
          counter(Metric.READ_PAUSED_SECONDS, "client"),
          counter(Metric.READ_PAUSED_SECONDS, "upstream")
        };
  }

  /** The meters of a name that is configured or registered; made when first asked for. */
  public NameMetrics name(String name) {
    synchronized (retired) {
      retired.remove(name);
    }
    return names.computeIfAbsent(name, n -> new NameMetrics(this, n));
  }

  /** The meters of everything that is no known name. */
  public NameMetrics unknown() {
    return unknown;
  }

  /**
   * The name has no owner any more; its meters go when {@value #RETIRED_NAMES} others went after
   * it.
   */
  public void retire(String name) {
    String forgotten = null;
    synchronized (retired) {
      if (names.containsKey(name) && retired.add(name) && retired.size() > RETIRED_NAMES) {
        forgotten = retired.iterator().next();
        retired.remove(forgotten);
      }
    }
    if (forgotten != null) {
      NameMetrics meters = names.remove(forgotten);
      if (meters != null) {
        meters.remove();
      }
    }
  }

  /** The meters of a configured service; made when first asked for. */
  public ServiceMetrics service(String name) {
    return services.computeIfAbsent(name, n -> new ServiceMetrics(this, n));
  }

  /** The service is not configured any more: its meters go at once. */
  public void forgetService(String name) {
    ServiceMetrics meters = services.remove(name);
    if (meters != null) {
      meters.remove();
    }
  }

  /**
   * Gauges that follow the route table: how many names there are, and how many of them have an
   * owner.
   */
  public void bindNames(IntSupplier total, IntSupplier connected) {
    reserved.set(Metric.CLIENTS_TOTAL, Tags.empty(), total::getAsInt);
    gauge(Metric.CLIENTS_CONNECTED, connected::getAsInt);
  }

  /** A gauge without labels of its own, read at each scrape. */
  public void bind(Metric metric, DoubleSupplier value, String... labelValues) {
    gauge(metric, value, labelValues);
  }

  /** Counts one more of a metric that belongs to no name or service. */
  public void count(Metric metric, String... labelValues) {
    count(metric, 1, labelValues);
  }

  /** Counts so many more of such a metric. */
  public void count(Metric metric, long more, String... labelValues) {
    counter(metric, labelValues).increment(more);
  }

  /** Removes a gauge that {@link #bind} made. */
  public void unbind(Metric metric, String... labelValues) {
    Meter meter = registry.find(metric.exported()).tags(tags(metric, labelValues)).meter();
    if (meter != null) {
      registry.remove(meter);
    }
  }

  /** Names the configuration in force and counts how it came to be. */
  public void configInForce(String hash) {
    reserved.set(Metric.CONFIG_INFO, Tags.of("hash", hash), () -> 1);
  }

  /** Counts a reload. */
  public void reloaded(boolean success) {
    counter(Metric.CONFIG_RELOADS, success ? "success" : "failure").increment();
  }

  /** A DATA connection that nobody waited for. */
  public void dataUnexpected() {
    dataUnexpected.increment();
  }

  /** Counts a peer link that was closed. */
  public void linkClosed(String reason) {
    counter(Metric.PEER_LINKS_CLOSED, reason).increment();
  }

  /** Clients that wait for a DATA connection; the caller counts up and down. */
  public AtomicInteger pendingData() {
    return pendingData;
  }

  /** Adds time that reading stood still; {@code clientSide} says which side was not read. */
  public void readPaused(boolean clientSide, long nanos) {
    readPaused[clientSide ? 0 : 1].increment(nanos / 1e9);
  }

  /** The page at {@code /metrics}, in the Prometheus text format 0.0.4. */
  public String scrape() {
    return registry.scrape() + reserved.text();
  }

  Counter counter(Metric metric, String... labelValues) {
    return Counter.builder(metric.exported())
        .description(metric.meaning())
        .tags(tags(metric, labelValues))
        .register(registry);
  }

  Gauge gauge(Metric metric, DoubleSupplier value, String... labelValues) {
    return Gauge.builder(metric.exported(), value::getAsDouble)
        .description(metric.meaning())
        .tags(tags(metric, labelValues))
        .strongReference(true)
        .register(registry);
  }

  Timer timer(Metric metric, String... labelValues) {
    return Timer.builder(metric.exported())
        .description(metric.meaning())
        .tags(tags(metric, labelValues))
        .register(registry);
  }

  void remove(Meter meter) {
    registry.remove(meter);
  }

  private static List<Tag> tags(Metric metric, String... values) {
    List<Tag> tags = new ArrayList<>(values.length);
    for (int i = 0; i < values.length; i++) {
      tags.add(Tag.of(metric.labels().get(i), values[i]));
    }
    return tags;
  }
}
