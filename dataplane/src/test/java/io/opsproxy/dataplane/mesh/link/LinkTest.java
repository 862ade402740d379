package io.opsproxy.dataplane.mesh.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.LinkProtocol.Work;
import io.opsproxy.dataplane.mesh.names.NameBudget;
import io.opsproxy.dataplane.mesh.names.NameRegistry;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.Origin;
import io.opsproxy.dataplane.mesh.names.OwnedName;
import io.opsproxy.dataplane.mesh.names.Peers;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The life of a link, with a protocol that does what the test says, on a loop that stands still.
 */
class LinkTest {
  private static final InetSocketAddress REMOTE = new InetSocketAddress("127.0.0.1", 1);

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private final Metrics metrics = new Metrics("test", "test", "test", "0");
  private final Links links = new Links();
  private final FakeStream stream = new FakeStream();
  private final Scripted protocol = new Scripted();
  private final List<String> ends = new ArrayList<>();
  private Runnable tableDue;
  private long now = 1;
  private final NameRegistry<StreamOwner, String> registry =
      new NameRegistry<>(
          new NameRegistry.Surroundings<>() {
            @Override
            public NameMetrics metrics(HostName name) {
              return metrics.name(name.value());
            }

            @Override
            public String target(OwnedName<StreamOwner> name) {
              return name.name().value();
            }

            @Override
            public void gone(HostName name) {}
          },
          table -> {},
          (nanos, task) -> tableDue = task,
          System::nanoTime);
  private final Link link =
      new Link(
          new Link.Shared(links, new Peers(), registry, metrics, () -> now),
          stream,
          Origin.accepted(REMOTE),
          l -> protocol,
          new NameBudget(1_000),
          (closed, why) -> ends.add(why));

  private final class FakeStream implements Stream {
    private Receiver receiver;
    private boolean read;
    private boolean writable = true;
    private final List<String> calls = new ArrayList<>();

    @Override
    public EventExecutor loop() {
      return loop.eventLoop();
    }

    @Override
    public InetSocketAddress remoteAddress() {
      return REMOTE;
    }

    @Override
    public InetSocketAddress localAddress() {
      return REMOTE;
    }

    @Override
    public void receive(Receiver next) {
      receiver = next;
      read = true;
    }

    @Override
    public void pause() {
      read = false;
    }

    @Override
    public void write(byte[] bytes, int from, int length) {}

    @Override
    public void write(byte[] bytes, int from, int length, Runnable sent) {}

    @Override
    public boolean isWritable() {
      return writable;
    }

    @Override
    public void finish() {
      calls.add("finish");
    }

    @Override
    public void close() {
      calls.add("close");
    }

    @Override
    public void closeNow() {
      calls.add("closeNow");
    }

    @Override
    public void abort() {
      calls.add("abort");
    }

    @Override
    public void sever() {
      calls.add("sever");
    }

    @Override
    public boolean isInputEnded() {
      return false;
    }

    @Override
    public boolean isOpen() {
      return calls.isEmpty();
    }
  }

  private static final class Scripted implements LinkProtocol {
    private final Deque<Work> left = new ArrayDeque<>();
    private int turns;
    private int ticks;
    private RuntimeException fault;

    @Override
    public void open() {}

    @Override
    public void take(ByteBuf bytes) {}

    @Override
    public Work work() {
      turns++;
      if (fault != null) {
        throw fault;
      }
      return left.isEmpty() ? Work.DONE : left.remove();
    }

    @Override
    public boolean tell(Offer next) {
      return true;
    }

    @Override
    public Offer told() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Duration patience() {
      return Duration.ofMinutes(1);
    }

    @Override
    public void tick(long nanosSinceWrite) {
      ticks++;
    }

    @Override
    public DataSource source() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String explain(LinkEnd end, String why) {
      return why;
    }

    @Override
    public void closed() {}
  }

  private void received() {
    link.open();
    stream.receiver.received(Unpooled.wrappedBuffer(new byte[1]));
  }

  private void elapse(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
    loop.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
    loop.runScheduledPendingTasks();
    loop.runPendingTasks();
  }

  @Test
  void isNotReadWhileLinesAreLeftForFurtherTurns() {
    loop.freezeTime();
    protocol.left.addAll(List.of(Work.MORE, Work.MORE, Work.DONE));
    received();
    assertThat(stream.read).isFalse();
    assertThat(protocol.turns).isEqualTo(1);
    stream.receiver.received(Unpooled.wrappedBuffer(new byte[1]));
    assertThat(protocol.turns).as("what was read already waits as well").isEqualTo(1);
    elapse(1_000);
    assertThat(protocol.turns).isEqualTo(2);
    assertThat(stream.read).isFalse();
    elapse(1_000);
    assertThat(protocol.turns).isEqualTo(3);
    assertThat(stream.read).isTrue();
  }

  @Test
  void isNotReadWhileItsProtocolWaits() {
    loop.freezeTime();
    protocol.left.add(Work.WAITS);
    received();
    elapse(10_000);
    assertThat(stream.read).isFalse();
    assertThat(protocol.turns).isEqualTo(1);
    link.goOn();
    assertThat(stream.read).isTrue();
  }

  @Test
  void isClosedWhenItsPeerIsSilentAndNotWhenItIsThisSideThatWaits() {
    loop.freezeTime();
    protocol.left.add(Work.WAITS);
    received();
    for (int i = 0; i < 100; i++) {
      elapse(1_000);
    }
    assertThat(ends).as("nothing was read, because nothing was to be").isEmpty();
    assertThat(protocol.ticks).as("and its peer is to hear from it meanwhile").isGreaterThan(90);
    link.goOn();
    elapse(59_000);
    assertThat(ends).isEmpty();
    elapse(2_000);
    assertThat(ends).containsExactly("nothing was heard for 60000 ms");
  }

  @Test
  void isNotReadWhileItsPeerDoesNotRead() {
    loop.freezeTime();
    stream.writable = false;
    received();
    assertThat(stream.read).isFalse();
    assertThat(link.isUsable()).isFalse();
    stream.writable = true;
    elapse(2_000);
    assertThat(stream.read).as("looked at again with the clock").isTrue();
  }

  @Test
  void isClosedNowAndOnce() {
    received();
    link.close(LinkEnd.UNWANTED, "it is over");
    link.close(LinkEnd.ENDED, "again");
    assertThat(stream.calls).containsExactly("closeNow");
    assertThat(ends).containsExactly("it is over");
    assertThat(links.of(Direction.IN)).isEmpty();
    assertThat(metrics.scrape()).contains("reason=\"unwanted\"} 1").doesNotContain("\"ended\"");
  }

  @Test
  void aFaultInALaterTurnCostsTheLinkAndIsNotLost() {
    loop.freezeTime();
    protocol.left.add(Work.MORE);
    received();
    protocol.fault = new IllegalStateException("a fault of a test");
    elapse(1_000);
    assertThat(stream.calls).containsExactly("closeNow");
    assertThat(ends.get(0)).contains("a fault of a test");
  }

  @Test
  void namesAreInForceWithTheTableAndAreTakenBackWithTheLink() {
    loop.freezeTime();
    received();
    List<String> events = new ArrayList<>();
    link.names()
        .add(
            List.of(
                new Offer.Item(
                    HostName.exact("web").orElseThrow(), HostPort.parse("127.0.0.1:1"))));
    link.names().publish(() -> events.add("in force"));
    elapse(1_000);
    assertThat(events).isEmpty();
    tableDue.run();
    elapse(0);
    assertThat(events).containsExactly("in force");
    link.names().publish(() -> events.add("nothing new"));
    assertThat(events).hasSize(2);
    link.close(LinkEnd.ENDED, "over");
    assertThat(link.names().backends()).isEmpty();
  }

  @Test
  void aPeerThatChangesItsNamesWithoutEndIsCut() {
    loop.freezeTime();
    received();
    for (int i = 0; i < 1_000 && ends.isEmpty(); i++) {
      link.names()
          .list(
              List.of(
                  new Offer.Item(
                      HostName.exact("name-" + i).orElseThrow(), HostPort.parse("127.0.0.1:1"))));
      link.names().publish(() -> {});
    }
    assertThat(ends).containsExactly("it changes its names without end");
    assertThat(metrics.scrape()).contains("reason=\"names_churn\"} 1");
  }
}
