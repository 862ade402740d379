package io.opsproxy.dataplane.config.value;

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
          Quoted.of(text) + ": expected host:port, where port may be *");
    }
    String host = text.substring(0, colon);
    String portText = text.substring(colon + 1);
    int port = 0;
    if (!portText.equals("*")) {
      port = HostPort.parsePort(portText, text);
      if (port == 0) {
        throw new IllegalArgumentException(Quoted.of(text) + ": port must be 1-65535 or *");
      }
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (bracketed
        || host.indexOf('/') >= 0
        || host.indexOf(':') >= 0
        || HostPort.looksLikeV4(host)) {
      try {
        return new ConnectRule(Optional.empty(), Optional.of(Cidr.parse(host)), port);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(Quoted.of(text) + ": " + e.getMessage(), e);
      }
    }
    Optional<HostName> name = HostName.pattern(host);
    if (name.isEmpty() || host.startsWith("[")) {
      throw new IllegalArgumentException(
          Quoted.of(text)
              + ": "
              + Quoted.of(host)
              + " is not a name, a wildcard such as *.example.com, or an IP range");
    }
    return new ConnectRule(name, Optional.empty(), port);
  }

  /** Whether an IP literal may be the target. */
  public boolean allows(InetAddress target, int targetPort) {
    return (port == 0 || port == targetPort) && range.isPresent() && range.get().contains(target);
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    String host = "[" + range.map(Cidr::toString).orElse("") + "]";
    if (name.isPresent()) {
      host = name.get().value();
    }
    return host + ":" + (port == 0 ? "*" : port);
  }
}
