package io.opsproxy.operator.local;

/**
 * Why a file is not taken.
 *
 * @param origin the file, as it was named
 * @param line from 1; 0 for the file as a whole
 * @param message what is wrong and, where it is not plain, the way out
 */
public record Fault(String origin, int line, String message) {
  @Override
  public String toString() {
    return origin + (line > 0 ? ":" + line : "") + ": " + message;
  }
}
