package io.opsproxy.dataplane.cluster;

import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * The client of a connection, for those upstreams that are told of it. On the connection's loop.
 *
 * @param source where the client is: its socket's address, or what a trusted PROXY header says
 * @param connectedTo gives where it connected to; asked only where an upstream is told, because the
 *     kernel has to be asked
 */
public record ClientAddress(InetSocketAddress source, Supplier<InetSocketAddress> connectedTo) {

  /** With an address that is known. */
  public ClientAddress(InetSocketAddress source, InetSocketAddress destination) {
    this(source, () -> destination);
  }

  /** Where it connected to. */
  public InetSocketAddress destination() {
    return connectedTo.get();
  }
}
