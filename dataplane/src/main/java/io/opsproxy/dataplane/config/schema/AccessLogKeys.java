package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Sourced;
import java.nio.file.Path;
import java.util.List;

/** The keys of access logs; a part of the table {@link ConfigKeys}. */
public final class AccessLogKeys {
  private AccessLogKeys() {}

  public static final String LOG = "access_log[]";

  public static final ConfigKey<Void> LOGS =
      ConfigKey.of(
          ConfigKeys.TOP,
          "access_log",
          ValueTypes.section("section or list of sections"),
          "",
          "files that get a line for each connection");

  public static final ConfigKey<Path> PATH =
      ConfigKey.of(
          LOG,
          "path",
          UpstreamTypes.PATH,
          "(required)",
          "file to append to; /dev/stdout and /dev/stderr work");

  public static final ConfigKey<String> FORMAT =
      ConfigKey.of(
          LOG,
          "format",
          UpstreamTypes.TEXT,
          "(time, client, server name, service, endpoint, flags, bytes, duration)",
          "the line, in Envoy's format language");

  public static final ConfigKey<Void> JSON_FORMAT =
      ConfigKey.of(
          LOG,
          "json_format",
          ValueTypes.section("section of keys and texts"),
          "",
          "a JSON object in place of text: key to text in the format language");

  public static final ConfigKey<List<Sourced<String>>> LOG_LISTENERS =
      ConfigKey.of(
          LOG,
          "listeners",
          new ListType<>("list of names", ValueTypes.LISTENER_NAME),
          "(all)",
          "names of the listeners whose connections are written");

  static List<ConfigKey<?>> all() {
    return List.of(LOGS, PATH, FORMAT, JSON_FORMAT, LOG_LISTENERS);
  }
}
