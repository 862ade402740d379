package io.opsproxy.dataplane.config.problem;

/**
 * One finding about a configuration, for a person to act on.
 *
 * @param severity an error refuses the configuration, a warning does not
 * @param origin where the value stands: a file's path, {@code environment}, {@code flags}, or
 *     {@code default}
 * @param path what it is about, such as {@code services[0].endpoints[1].address}, {@code
 *     SERVICE_ADDR}, {@code --bind-addr}; empty for a whole file
 * @param line 1-based line in the file, 0 where there is none
 * @param message the object and the cause
 * @param remedy the way out
 */
public record Problem(
    Severity severity, String origin, String path, int line, String message, String remedy) {
  /** Whether the configuration can be used all the same. */
  public enum Severity {
    ERROR,
    WARNING
  }

  /** One line for people: {@code error: config.yaml:7: services[0].name: ...; remedy}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(severity == Severity.ERROR ? "error: " : "warning: ");
    text.append(origin);
    if (line > 0) {
      text.append(':').append(line);
    }
    text.append(": ");
    if (!path.isEmpty()) {
      text.append(path).append(": ");
    }
    text.append(message);
    if (!remedy.isEmpty()) {
      text.append("; ").append(remedy);
    }
    return text.toString();
  }
}
