package io.opsproxy.dataplane.telemetry;

import java.util.Locale;

/** Values of the metric label {@code protocol}; the words are those of the existing Go peers. */
public enum Protocol {
  HTTP,
  HTTPS,
  TCP,
  FORWARD,
  HTTP_CONNECT;

  private final String label = name().toLowerCase(Locale.ROOT);

  /** The label's value. */
  public String label() {
    return label;
  }
}
