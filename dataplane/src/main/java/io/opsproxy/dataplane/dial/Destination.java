package io.opsproxy.dataplane.dial;

import io.opsproxy.dataplane.config.value.HostPort;
import java.net.InetAddress;

/**
 * Where a connect leads.
 *
 * @param address host and port, as they are written in the configuration or were told
 * @param literal the host as an IP address; null when it is a name
 */
public record Destination(HostPort address, InetAddress literal) {

  /** With the literal found out. */
  public static Destination of(HostPort address) {
    return new Destination(address, Resolver.literal(address.host()));
  }
}
