package io.opsproxy.operator.render;

/**
 * A port on which every connection goes to one service.
 *
 * @param port of the peer's Services, which clients see
 * @param inPod where the pods listen
 */
public record ListenerPort(int port, int inPod) {
  private static final String PREFIX = "port-";

  /** Of the port in Services, and of the listener in the configuration of the peer. */
  public String name() {
    return PREFIX + port;
  }

  /** The one that a listener of a configuration stands for; null when it is none of ours. */
  public static ListenerPort of(String listener, int inPod) {
    if (!listener.startsWith(PREFIX)) {
      return null;
    }
    try {
      return new ListenerPort(Integer.parseInt(listener.substring(PREFIX.length())), inPod);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
