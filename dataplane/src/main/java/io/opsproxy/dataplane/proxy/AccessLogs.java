package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.model.AccessLogSettings;
import io.opsproxy.dataplane.telemetry.AccessLog;
import io.opsproxy.dataplane.telemetry.AccessLogFormat;
import io.opsproxy.dataplane.telemetry.AccessRecord;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The access logs in force. A log that a reload does not change goes on with its file and its
 * queue. {@link #apply}, {@link #reopen} and {@link #close} from any thread but an event loop;
 * {@link #log} from any.
 */
final class AccessLogs {
  private static final Path NOWHERE = Path.of("/dev/null");
  private final Metrics metrics;
  private Map<AccessLogSettings, AccessLog> open = Map.of();
  private volatile Map<String, List<AccessLog>> ofListener = Map.of();
  private volatile List<AccessLog> ofAll = List.of();

  AccessLogs(Metrics metrics) {
    this.metrics = metrics;
  }

  synchronized void apply(List<AccessLogSettings> wanted) {
    Map<AccessLogSettings, AccessLog> next = new HashMap<>();
    Map<String, List<AccessLog>> named = new HashMap<>();
    List<AccessLog> all = new ArrayList<>();
    for (AccessLogSettings settings : wanted) {
      if (settings.path().equals(NOWHERE)) {
        continue;
      }
      AccessLog log = next.computeIfAbsent(settings, this::keptOrNew);
      if (settings.listeners().isEmpty()) {
        all.add(log);
      }
      for (String listener : settings.listeners()) {
        named.computeIfAbsent(listener, name -> new ArrayList<>()).add(log);
      }
    }
    Map<AccessLogSettings, AccessLog> old = open;
    open = next;
    ofListener = Map.copyOf(named);
    ofAll = List.copyOf(all);
    old.forEach(
        (settings, log) -> {
          if (!next.containsKey(settings)) {
            log.close();
          }
        });
  }

  private AccessLog keptOrNew(AccessLogSettings settings) {
    AccessLog kept = open.get(settings);
    if (kept != null) {
      return kept;
    }
    AccessLogFormat format =
        settings.jsonFormat().isPresent()
            ? AccessLogFormat.json(settings.jsonFormat().get())
            : AccessLogFormat.text(settings.format());
    String path = settings.path().toString();
    return new AccessLog(
        settings.path(),
        format,
        dropped -> metrics.count(Metric.ACCESS_LOG_DROPPED, dropped, path));
  }

  /** Whether connections of this listener are logged at all; where not, they cost nothing. */
  boolean wanted(String listener) {
    return !ofAll.isEmpty() || ofListener.containsKey(listener);
  }

  void log(String listener, AccessRecord entry) {
    ofAll.forEach(log -> log.log(entry));
    ofListener.getOrDefault(listener, List.of()).forEach(log -> log.log(entry));
  }

  /** The files may have been renamed. */
  synchronized void reopen() {
    open.values().forEach(AccessLog::reopen);
  }

  synchronized void close() {
    apply(List.of());
  }
}
