package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.telemetry.StreamId;
import java.net.InetSocketAddress;
import java.util.function.Supplier;

/**
 * The client of a connection, for those upstreams that are told of it. On the connection's loop.
 *
 * @param source where the client is: its socket's address, or what a trusted PROXY header says
 * @param connectedTo gives where it connected to; asked only where an upstream is told, because the
 *     kernel has to be asked
 * @param firstBytes gives a copy of what it has said so far
 * @param streamId gives what its connection is called, always the same
 */
public record ClientAddress(
    InetSocketAddress source,
    Supplier<InetSocketAddress> connectedTo,
    Supplier<byte[]> firstBytes,
    Supplier<String> streamId) {

  /** Of a client whose bytes are not known here. */
  public ClientAddress(InetSocketAddress source, Supplier<InetSocketAddress> connectedTo) {
    this(source, connectedTo, () -> new byte[0], StreamId::next);
  }

  /** With an address that is known. */
  public ClientAddress(InetSocketAddress source, InetSocketAddress destination) {
    this(source, () -> destination);
  }

  /** What it has said so far, and nobody was given yet: at most 64 KiB and one read. */
  public byte[] said() {
    return firstBytes.get();
  }

  /** What its connection is called at every peer that it passes. */
  public String id() {
    return streamId.get();
  }

  /** Where it connected to. */
  public InetSocketAddress destination() {
    return connectedTo.get();
  }
}
