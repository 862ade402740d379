package io.opsproxy.dataplane.why;

/**
 * One step from a name to its backend.
 *
 * @param step which: {@code name}, {@code peer}, {@code config}, {@code listener}, {@code link},
 *     {@code route}, {@code owner}, {@code endpoint}, {@code probe}
 * @param subject what was looked at
 * @param message what was found
 * @param remedy what to do about it; empty where there is nothing to do
 */
public record Step(String step, Result result, String subject, String message, String remedy) {

  static Step ok(String step, String subject, String message) {
    return new Step(step, Result.OK, subject, message, "");
  }

  static Step warn(String step, String subject, String message, String remedy) {
    return new Step(step, Result.WARN, subject, message, remedy);
  }

  static Step fail(String step, String subject, String message, String remedy) {
    return new Step(step, Result.FAIL, subject, message, remedy);
  }

  static Step skipped(String step, String subject, String message) {
    return new Step(step, Result.SKIPPED, subject, message, "");
  }
}
