package io.opsproxy.dataplane.config.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One access log.
 *
 * @param path file to append to; {@code /dev/stdout} and {@code /dev/stderr} work, {@code
 *     /dev/null} means none
 * @param format text with Envoy's command operators; empty when {@code jsonFormat} is set
 * @param jsonFormat one JSON object a connection: field to operator text, in the order of the file;
 *     empty for text
 * @param listeners names of the listeners whose connections it writes; empty means all
 */
public record AccessLogSettings(
    Path path, String format, Optional<Map<String, String>> jsonFormat, List<String> listeners) {
  public AccessLogSettings {
    listeners = List.copyOf(listeners);
  }
}
