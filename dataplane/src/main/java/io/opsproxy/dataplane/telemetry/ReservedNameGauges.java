package io.opsproxy.dataplane.telemetry;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Gauges whose fixed names end in {@code _total} or {@code _info}. The Prometheus client library
 * keeps those endings for counters and info metrics and cuts them off a gauge's name, which would
 * break the dashboards that ask for them, so these few are written out here.
 */
final class ReservedNameGauges {
  private record Series(Tags tags, DoubleSupplier value) {}

  private final Tags common;
  private final Map<Metric, Series> series = new EnumMap<>(Metric.class);

  ReservedNameGauges(Tags common) {
    this.common = common;
  }

  synchronized void set(Metric metric, Tags tags, DoubleSupplier value) {
    series.put(metric, new Series(common.and(tags), value));
  }

  synchronized String text() {
    StringBuilder text = new StringBuilder(512);
    series.forEach(
        (metric, one) -> {
          String name = metric.exported();
          text.append("# HELP ").append(name).append(' ').append(metric.meaning()).append('\n');
          text.append("# TYPE ").append(name).append(" gauge\n").append(name);
          char separator = '{';
          for (Tag tag : one.tags) {
            text.append(separator)
                .append(tag.getKey())
                .append("=\"")
                .append(escape(tag.getValue()))
                .append('"');
            separator = ',';
          }
          text.append("} ").append(one.value.getAsDouble()).append('\n');
        });
    return text.toString();
  }

  private static String escape(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
