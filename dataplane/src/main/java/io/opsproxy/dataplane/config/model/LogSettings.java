package io.opsproxy.dataplane.config.model;

/**
 * The {@code log:} section.
 *
 * @param level least level that is written
 * @param format one line of text, or one JSON object, an event
 */
public record LogSettings(Level level, Format format) {
  /** Levels of the seed. */
  public enum Level {
    DEBUG,
    INFO,
    WARN,
    ERROR
  }

  /** Formats of the seed. */
  public enum Format {
    TEXT,
    JSON
  }
}
