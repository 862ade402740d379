package io.opsproxy.dataplane.admin;

import java.util.Map;

/**
 * One answer of the status server.
 *
 * @param status HTTP status
 * @param contentType with its charset
 * @param body whole
 * @param headers more of them, by name
 */
public record Page(int status, String contentType, String body, Map<String, String> headers) {
  public Page {
    headers = Map.copyOf(headers);
  }

  /** Without more headers. */
  public Page(int status, String contentType, String body) {
    this(status, contentType, body, Map.of());
  }

  /** Plain text for people and probes. */
  public static Page text(int status, String body) {
    return new Page(status, "text/plain; charset=utf-8", body + "\n");
  }

  /** A JSON document. */
  public static Page json(String body) {
    return new Page(200, "application/json", body);
  }

  /** The Prometheus text format 0.0.4. */
  public static Page metrics(String body) {
    return new Page(200, "text/plain; version=0.0.4; charset=utf-8", body);
  }
}
