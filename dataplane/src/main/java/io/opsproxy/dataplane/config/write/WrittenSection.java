package io.opsproxy.dataplane.config.write;

import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.value.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A section of a file that is being written: only what differs from the fixed default of its key
 * goes in, and a section without anything in it is left out of the one around it.
 */
final class WrittenSection {
  private final Map<String, Object> entries = new LinkedHashMap<>();

  /** What a YAML emitter takes: maps, lists, strings, numbers, booleans. */
  Map<String, Object> entries() {
    return entries;
  }

  <T> void put(ConfigKey<T> key, T value) {
    if (!key.hasFixedDefault() || !value.equals(key.fallback())) {
      entries.put(key.name(), plain(value));
    }
  }

  <T> void put(ConfigKey<T> key, Optional<T> value) {
    if (value.isPresent()) {
      put(key, value.get());
    }
  }

  /** A list; one without items is left out. */
  void putAll(ConfigKey<?> key, List<?> values) {
    if (!values.isEmpty()) {
      putList(key, values);
    }
  }

  /** A list, also one without items. */
  void putList(ConfigKey<?> key, List<?> values) {
    List<Object> items = new ArrayList<>();
    for (Object value : values) {
      items.add(value instanceof WrittenSection section ? section.entries : plain(value));
    }
    entries.put(key.name(), items);
  }

  void put(ConfigKey<Void> key, WrittenSection section) {
    if (!section.entries.isEmpty()) {
      entries.put(key.name(), section.entries);
    }
  }

  /** A section that says something by being there, such as {@code tcp_health_check: {}}. */
  void putAnyway(ConfigKey<Void> key, WrittenSection section) {
    entries.put(key.name(), section.entries);
  }

  private static Object plain(Object value) {
    if (value instanceof Integer || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Enum<?> word) {
      return word instanceof LbPolicy ? word.name() : word.name().toLowerCase(Locale.ROOT);
    }
    return value instanceof Duration duration ? Durations.text(duration) : value.toString();
  }
}
