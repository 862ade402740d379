package io.opsproxy.dataplane.dial;

import io.netty.channel.ConnectTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;

/** Words for a failed connect that do not repeat the address and name no Java class. */
public final class ConnectProblem {
  private ConnectProblem() {}

  /** One clause, such as {@code connection refused}. */
  public static String describe(Throwable cause) {
    if (cause instanceof ConnectTimeoutException) {
      return "no answer in time";
    }
    if (cause instanceof NoRouteToHostException) {
      return "no route to host";
    }
    String message = cause.getMessage() == null ? "" : cause.getMessage();
    if (cause instanceof ConnectException && message.startsWith("Connection refused")) {
      return "connection refused";
    }
    return message.isEmpty() ? cause.getClass().getSimpleName() : message;
  }
}
