package io.opsproxy.operator.local;

import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.render.ObjectKey;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A port of a Service.
 *
 * @param service which
 * @param port as its ExposedServices name it
 */
public record BackendPort(ObjectKey service, int port) {
  private static final Pattern RESOLVE = Pattern.compile("([^/=]+)/([^:=/]+):(\\d{1,5})=(.+)");

  @Override
  public String toString() {
    return service + ":" + port;
  }

  /**
   * Where that port is on this machine or elsewhere, as the user says it.
   *
   * @param port which
   * @param address where it is reached
   */
  public record At(BackendPort port, HostPort address) {
    /**
     * @param text {@code NAMESPACE/SERVICE:PORT=HOST:PORT}
     * @throws IllegalArgumentException with a sentence that says what is wrong
     */
    public static At parse(String text) {
      Matcher matcher = RESOLVE.matcher(text);
      if (!matcher.matches()) {
        throw new IllegalArgumentException(
            "\"" + text + "\": expected NAMESPACE/SERVICE:PORT=HOST:PORT");
      }
      return new At(
          new BackendPort(
              new ObjectKey(matcher.group(1), matcher.group(2)),
              Integer.parseInt(matcher.group(3))),
          HostPort.parse(matcher.group(4)));
    }
  }
}
