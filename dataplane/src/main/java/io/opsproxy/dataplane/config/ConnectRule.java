package io.opsproxy.dataplane.config;

import java.net.InetAddress;
import java.util.Optional;

/**
 * One entry of {@code access.connect}: {@code db.internal:5432}, {@code *.example.com:443}, {@code
 * 10.0.0.0/8:*}.
 *
 * @param name matches targets by name; empty when {@code range} is set
 * @param range matches targets given as an IP literal
 * @param port 0 for any
 */
public record ConnectRule(Optional<HostName> name, Optional<Cidr> range, int port) {

  /**
   * @throws IllegalArgumentException with a sentence that names the text and what is wrong with it
   */
  public static ConnectRule parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException(
          "\"" + text + "\": expected host:port, where port may be *");
    }
    String host = text.substring(0, colon);
    String portText = text.substring(colon + 1);
    int port = portText.equals("*") ? 0 : HostPort.parse("x:" + portText).port();
    if (host.startsWith("[")) {
      host = host.replace("[", "").replace("]", "");
    }
    boolean address = host.indexOf('/') >= 0 || host.indexOf(':') >= 0 || host.matches("[0-9.]+");
    if (address) {
      return new ConnectRule(Optional.empty(), Optional.of(Cidr.parse(host)), port);
    }
    Optional<HostName> name = HostName.pattern(host);
    if (name.isEmpty()) {
      throw new IllegalArgumentException(
          "\"" + text + "\": \"" + host + "\" is not a name, a wildcard or an IP range");
    }
    return new ConnectRule(name, Optional.empty(), port);
  }

  /** Whether an IP literal may be the target. */
  public boolean allows(InetAddress target, int targetPort) {
    return (port == 0 || port == targetPort) && range.isPresent() && range.get().contains(target);
  }
}
