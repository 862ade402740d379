package io.opsproxy.dataplane.mesh.v1;

import io.opsproxy.dataplane.config.model.PeerSettings;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkProtocol;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.stream.ForwardServer;
import io.opsproxy.dataplane.mesh.stream.Pending;
import io.opsproxy.dataplane.mesh.stream.ThisPeer;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.Metric;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Protocol v1, as this peer speaks it. Any thread. */
public final class V1 {
  private final ThisPeer self;
  private final Supplier<Offer> offer;
  private final Pending pending;
  private final ForwardServer forwards;
  private final Set<HostPort> undialled = ConcurrentHashMap.newKeySet();

  /**
   * @param offer what this peer serves now
   * @param pending what other peers were asked for
   * @param forwards serves what other peers ask for
   */
  public V1(ThisPeer self, Supplier<Offer> offer, Pending pending, ForwardServer forwards) {
    this.self = self;
    this.offer = offer;
    this.pending = pending;
    this.forwards = forwards;
  }

  /** The side that dialled. */
  public LinkProtocol dialler(Link link, Offer first) {
    return new V1Dialler(this, link, first);
  }

  /** The side that was dialled. */
  public LinkProtocol acceptor(Link link) {
    return new V1Acceptor(this, link, offer.get());
  }

  /**
   * A connection that began with {@code DATA:}. On the stream's loop.
   *
   * @param first what was received so far
   */
  public void data(Stream stream, byte[] first) {
    new DataArrival(self, pending, stream).start(first);
  }

  /** Refuses a connection that wants to be a link. On the stream's loop. */
  public static void refuse(Stream stream, String why) {
    byte[] line = PeerLineCodec.refused(why).getBytes(StandardCharsets.UTF_8);
    stream.write(line, 0, line.length);
    stream.closeNow();
  }

  /** Once for each of this peer's own addresses, of which there are as many as it has had. */
  boolean complainsFirst(HostPort address) {
    return undialled.add(address);
  }

  ThisPeer self() {
    return self;
  }

  PeerSettings settings() {
    return self.config().peer();
  }

  Offer offer() {
    return offer.get();
  }

  Pending pending() {
    return pending;
  }

  ForwardServer forwards() {
    return forwards;
  }

  void countRegistrations(List<Offer.Item> items) {
    for (Offer.Item item : items) {
      self.metrics().name(item.name().value()).count(Metric.CLIENT_REGISTRATIONS);
    }
  }
}
