package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.AccessLogSettings;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.AccessLogKeys;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.Quoted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code access_log:} of the peer's own files. */
final class AccessLogReader {
  private final Problems problems;

  AccessLogReader(Problems problems) {
    this.problems = problems;
  }

  /**
   * @param listeners those that a log may name
   */
  List<AccessLogSettings> read(YamlSection top, List<ListenerConfig> listeners) {
    List<String> known = new ArrayList<>();
    for (ListenerConfig listener : listeners) {
      known.add(listener.name());
    }
    List<AccessLogSettings> logs = new ArrayList<>();
    for (YamlSection section : top.oneOrSections(AccessLogKeys.LOGS, AccessLogKeys.LOG)) {
      Optional<Sourced<Path>> path = section.required(AccessLogKeys.PATH, "access log");
      Optional<AccessLogFormat> read =
          AccessLogFormat.read(section, AccessLogKeys.FORMAT, AccessLogKeys.JSON_FORMAT, problems);
      List<String> names = listeners(section, known);
      if (path.isPresent()) {
        AccessLogFormat format = read.orElse(AccessLogFormat.ofText(AccessLogFormat.DEFAULT));
        logs.add(new AccessLogSettings(path.get().value(), format.text(), format.json(), names));
      }
    }
    return logs;
  }

  private List<String> listeners(YamlSection section, List<String> known) {
    List<String> names = new ArrayList<>();
    for (Sourced<String> name :
        section.readValue(AccessLogKeys.LOG_LISTENERS, "access log ").orElse(List.of())) {
      if (!known.contains(name.value())) {
        problems.error(
            name.at(),
            "access log names listener " + Quoted.of(name.value()) + ", which does not exist",
            "name one of " + String.join(", ", known));
      }
      names.add(name.value());
    }
    return names;
  }
}
