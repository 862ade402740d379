package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.model.AccessLogSettings;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.read.AccessLogFormat;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects the access logs of all listeners; one that several listeners write is one. */
final class EnvoyAccessLogReader {
  /** Envoy's default format, for TCP as for HTTP; tools that read it expect every column. */
  private static final String DEFAULT =
      "[%START_TIME%] \"%REQ(:METHOD)% %REQ(X-ENVOY-ORIGINAL-PATH?:PATH)% %PROTOCOL%\""
          + " %RESPONSE_CODE% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%"
          + " %RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)% \"%REQ(X-FORWARDED-FOR)%\""
          + " \"%REQ(USER-AGENT)%\" \"%REQ(X-REQUEST-ID)%\" \"%REQ(:AUTHORITY)%\""
          + " \"%UPSTREAM_HOST%\"\n";

  private final Problems problems;
  private final Map<Log, List<String>> logs = new LinkedHashMap<>();

  private final Map<String, Set<Log>> ofFirstChain = new HashMap<>();

  private record Log(Path path, AccessLogFormat format) {}

  EnvoyAccessLogReader(Problems problems) {
    this.problems = problems;
  }

  /** Reads the access logs of one of a listener's filter chains. */
  void readChain(YamlSection proxy, String listener, String subject) {
    Set<Log> read = read(proxy, EnvoyKeys.PROXY_ACCESS_LOG, listener);
    Set<Log> first = ofFirstChain.putIfAbsent(listener, read);
    if (first != null && !first.equals(read)) {
      problems.warning(
          proxy.at(EnvoyKeys.PROXY_ACCESS_LOG),
          subject
              + " has filter chains with different access logs; each log gets the connections of"
              + " all of them",
          "write the same access_log in every chain, with %UPSTREAM_CLUSTER% in its format");
    }
  }

  /** Reads the list {@code access_log} of a listener itself. */
  void readListener(YamlSection holder, String listener) {
    read(holder, EnvoyKeys.LISTENER_ACCESS_LOG, listener);
  }

  private Set<Log> read(YamlSection holder, ConfigKey<Void> key, String listener) {
    Set<Log> read = new HashSet<>();
    for (YamlSection section : holder.sections(key, "AccessLog")) {
      Optional<Log> log = readLog(section);
      if (log.isPresent()) {
        List<String> listeners = logs.computeIfAbsent(log.get(), none -> new ArrayList<>());
        if (!listeners.contains(listener)) {
          listeners.add(listener);
        }
        read.add(log.get());
      }
    }
    return read;
  }

  List<AccessLogSettings> settings() {
    List<AccessLogSettings> settings = new ArrayList<>();
    logs.forEach(
        (log, listeners) ->
            settings.add(
                new AccessLogSettings(log.path, log.format.text(), log.format.json(), listeners)));
    return settings;
  }

  private Optional<Log> readLog(YamlSection section) {
    YamlNode config = section.node(EnvoyKeys.LOG_CONFIG);
    Optional<EnvoyType> type = EnvoyType.of(config);
    if (type.isEmpty()) {
      problems.warning(
          section.at(),
          "access log with " + EnvoyType.shown(config) + " is not written",
          "write a FileAccessLog, StdoutAccessLog or StderrAccessLog");
      return Optional.empty();
    }
    YamlSection log = section.section(EnvoyKeys.LOG_CONFIG, EnvoyType.FILE_LOG.section());
    Optional<Path> path =
        switch (type.get()) {
          case FILE_LOG -> log.required(EnvoyKeys.LOG_PATH, "access log").map(Sourced::value);
          case STDOUT_LOG -> Optional.of(Path.of("/dev/stdout"));
          case STDERR_LOG -> Optional.of(Path.of("/dev/stderr"));
          default -> {
            problems.error(
                section.at(),
                "access log has " + EnvoyType.shown(config),
                "write a FileAccessLog, StdoutAccessLog or StderrAccessLog");
            yield Optional.empty();
          }
        };
    AccessLogFormat format = format(log);
    return path.map(file -> new Log(file, format));
  }

  private AccessLogFormat format(YamlSection log) {
    Optional<AccessLogFormat> old =
        AccessLogFormat.read(log, EnvoyKeys.LOG_TEXT, EnvoyKeys.LOG_JSON, problems);
    YamlSection current = log.section(EnvoyKeys.LOG_FORMAT, "SubstitutionFormatString");
    Optional<AccessLogFormat> format =
        AccessLogFormat.read(current, EnvoyKeys.FORMAT_TEXT, EnvoyKeys.FORMAT_JSON, problems);
    YamlSection source = current.section(EnvoyKeys.FORMAT_SOURCE, "DataSource");
    Optional<AccessLogFormat> inline =
        AccessLogFormat.readText(source, EnvoyKeys.INLINE_STRING, problems);
    return format.or(() -> inline).or(() -> old).orElseGet(() -> AccessLogFormat.ofText(DEFAULT));
  }
}
