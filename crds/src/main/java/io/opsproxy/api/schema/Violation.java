package io.opsproxy.api.schema;

/**
 * Why an API server would refuse an object.
 *
 * @param path the field, such as {@code spec.remotePeers[0].address}; empty for the whole object
 * @param message what is wrong with it, in the words of an API server or of the rule
 */
public record Violation(String path, String message) {

  @Override
  public String toString() {
    return path.isEmpty() ? message : path + ": " + message;
  }
}
