package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostPort;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Where a link leads, or where it came from. TCP vouches for it: whoever holds the address answers
 * there.
 *
 * @param remote the address that was dialled, or the one that the link came from
 * @param entry of the configuration, for a link that was dialled
 */
public record Origin(InetSocketAddress remote, Optional<HostPort> entry) {

  /** Of a link that this peer dialled. */
  public static Origin dialled(InetSocketAddress remote, HostPort entry) {
    return new Origin(remote, Optional.of(entry));
  }

  /** Of a link that came from there. */
  public static Origin accepted(InetSocketAddress remote) {
    return new Origin(remote, Optional.empty());
  }

  /** Whether this peer dialled. */
  public boolean isDialled() {
    return entry.isPresent();
  }

  /** For people. */
  public String text() {
    String host = remote.getAddress().getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + remote.getPort();
  }
}
