package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.model.LogSettings.Format;
import io.opsproxy.dataplane.config.model.LogSettings.Level;
import java.util.List;

/** The keys of the section {@code log}; a part of the table {@link ConfigKeys}. */
public final class LogKeys {
  private LogKeys() {}

  /** Its name. */
  public static final String SECTION = "log";

  public static final ConfigKey<Level> LOG_LEVEL =
      ConfigKey.of(
              SECTION,
              "level",
              ValueTypes.LEVEL,
              "info",
              "least level that is written: debug, info, warn, error")
          .variables("LOG_LEVEL")
          .flag("--log-level");

  public static final ConfigKey<Format> LOG_FORMAT =
      ConfigKey.of(
              SECTION, "format", ValueTypes.FORMAT, "text", "text, or json for one object a line")
          .variables("LOG_FORMAT");

  static List<ConfigKey<?>> all() {
    return List.of(LOG_LEVEL, LOG_FORMAT);
  }
}
