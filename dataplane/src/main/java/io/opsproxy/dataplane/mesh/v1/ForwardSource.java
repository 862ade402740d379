package io.opsproxy.dataplane.mesh.v1;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.Passage;
import io.opsproxy.dataplane.mesh.stream.Pending;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.util.Optional;
import java.util.function.Predicate;

/** How a stream to the peer of a v1 link is had: FORWARD is sent, and DATA waited for. */
final class ForwardSource implements DataSource, Pending.Bringer {
  private final V1 v1;
  private final Link link;
  private final Predicate<InetAddress> mayComeFrom;

  /**
   * @param mayComeFrom where DATA of this peer may come from
   */
  ForwardSource(V1 v1, Link link, Predicate<InetAddress> mayComeFrom) {
    this.v1 = v1;
    this.link = link;
    this.mayComeFrom = mayComeFrom;
  }

  @Override
  public Request open(
      HostName name,
      Passage passage,
      NameMetrics metrics,
      EventExecutor loop,
      Optional<ClientAddress> client,
      Answer answer) {
    return v1.pending().ask(this, name, metrics, loop, v1.settings().connectionTimeout(), answer);
  }

  @Override
  public EventExecutor loop() {
    return link.loop();
  }

  @Override
  public Pending.Asked ask(String id, HostName name) {
    HostPort backend = link.names().backends().get(name);
    if (link.state() != Link.State.UP || backend == null) {
      return Pending.Asked.LOST;
    }
    if (!link.isWritable()) {
      return Pending.Asked.STUCK;
    }
    link.write(PeerLineCodec.forward(id, name, backend));
    return Pending.Asked.SENT;
  }

  @Override
  public boolean mayComeFrom(InetAddress source) {
    return mayComeFrom.test(source);
  }

  @Override
  public void answered() {
    link.standing().answered();
  }

  @Override
  public void timedOut() {
    link.standing().timedOut();
  }

  @Override
  public String describe() {
    return link.describe();
  }
}
