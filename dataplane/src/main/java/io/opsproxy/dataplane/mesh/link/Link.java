package io.opsproxy.dataplane.mesh.link;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.ChangeRate;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.LearnedNames;
import io.opsproxy.dataplane.mesh.names.NameBudget;
import io.opsproxy.dataplane.mesh.names.NameRegistry;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.Origin;
import io.opsproxy.dataplane.mesh.names.Peers;
import io.opsproxy.dataplane.mesh.names.Standing;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control connection to another peer, whoever dialled it and whatever is spoken on it: owns the
 * stream, the clock, the state and the names; the bytes are those of its {@link LinkProtocol}.
 *
 * <pre>
 *   OPENING --registered--> UP --names taken back over a newer link--> LEAVING --> CLOSED
 *      |                     |                                                       ^
 *      +---- closed by the other side, broken, silent, refused, a line too long -----+
 * </pre>
 *
 * <p>All of it runs on the stream's event loop, except what says otherwise. The names that the
 * other side offers belong to the link: they go with it.
 */
public final class Link implements Receiver, StreamOwner {
  private static final Logger log = LoggerFactory.getLogger(Link.class);

  /** Where a link is in its life. */
  public enum State {
    OPENING,
    UP,
    LEAVING,
    CLOSED
  }

  /** How long a link that was left may still bring forwards that had been sent over it. */
  private static final long FAREWELL = TimeUnit.SECONDS.toNanos(5);

  private static final byte[] NOTHING = new byte[0];

  /** What the links of this peer have in common. */
  public record Shared(
      Links links,
      Peers peers,
      NameRegistry<StreamOwner, ?> registry,
      Metrics metrics,
      LongSupplier nanos) {}

  private final Shared shared;
  private final Stream stream;
  private final Origin origin;
  private final Standing standing;
  private final LinkObserver observer;
  private final LinkProtocol protocol;
  private final Turns turns;
  private final LearnedNames names;
  private final ChangeRate rate;
  private final Instant since = Instant.now();
  private ScheduledFuture<?> clock;
  private long lastRead;
  private long lastWrite;
  private long leftAt;
  private volatile State state = State.OPENING;
  private volatile Optional<Introduction> introduction = Optional.empty();
  private volatile boolean stuck;

  /**
   * @param origin where it leads, or came from
   * @param budget bounds the names that are remembered for the other side
   */
  public Link(
      Shared shared,
      Stream stream,
      Origin origin,
      LinkProtocol.Factory protocol,
      NameBudget budget,
      LinkObserver observer) {
    this.shared = shared;
    lastRead = now();
    lastWrite = lastRead;
    this.stream = stream;
    this.origin = origin;
    this.standing = new Standing(shared.nanos());
    this.observer = observer;
    this.rate = new ChangeRate(shared.nanos());
    this.names = new LearnedNames(budget, this::advertise);
    this.protocol = protocol.on(this);
    this.turns = new Turns(stream, this.protocol, this, this::failed);
  }

  // life

  /** The stream is its own from now on. */
  public void open() {
    assertOnLoop();
    long period = Math.max(20, Math.min(1000, protocol.patience().toMillis() / 10));
    shared.links().opened(this);
    clock =
        stream
            .loop()
            .scheduleAtFixedRate(guarded(this::onTick), period, period, TimeUnit.MILLISECONDS);
    stream.receive(this);
    if (state != State.CLOSED) {
      protocol.open();
    }
  }

  private void onTick() {
    if (state == State.CLOSED) {
      return;
    }
    long now = now();
    if (turns.isWaiting()) {
      // it is this side that does not read
      lastRead = now;
    }
    if (state == State.LEAVING && now - leftAt >= FAREWELL) {
      close(LinkEnd.REPLACED, "the other side did not close it in turn");
    } else if (now - lastRead >= protocol.patience().toNanos()) {
      close(LinkEnd.SILENT, "nothing was heard for " + protocol.patience().toMillis() + " ms");
    } else {
      protocol.tick(now - lastWrite);
      stuck = !stream.isWritable();
      turns.adjust();
    }
  }

  /** The other side has accepted a registration, or this one has. */
  public void up() {
    assertOnLoop();
    if (state == State.OPENING) {
      state = State.UP;
      shared.peers().up(this);
      observer.up(this);
    }
  }

  /** The other side has told what it serves. */
  public void told() {
    assertOnLoop();
    observer.told(this);
  }

  /** No new forwards over it; what is under way may still come. */
  void leave() {
    assertOnLoop();
    if (state == State.UP || state == State.OPENING) {
      state = State.LEAVING;
      leftAt = now();
      shared.peers().gone(this);
      names.withdraw();
      stream.finish();
    }
  }

  /** It is over, at once. */
  public void close(LinkEnd end, String cause) {
    assertOnLoop();
    if (state != State.CLOSED) {
      boolean known = state == State.UP;
      String why = known ? cause : protocol.explain(end, cause);
      state = State.CLOSED;
      clock.cancel(false);
      turns.stop();
      shared.peers().gone(this);
      names.forget();
      // whether its peer reads or not
      stream.closeNow();
      shared.metrics().linkClosed(end.label());
      if (end == LinkEnd.NAMES_CHURN) {
        log.warn("link {} {} cut: {}", direction().label(), describe(), why);
      } else if (known) {
        log.info("link {} {} closed: {}", direction().label(), describe(), why);
      }
      shared.links().closed(this);
      protocol.closed();
      observer.closed(this, why);
    }
  }

  private Runnable guarded(Runnable task) {
    return Guard.of(task, this::failed);
  }

  /** Something that is done for the link has thrown. */
  public void failed(Throwable fault) {
    close(LinkEnd.BROKEN, "of a fault of this program: " + fault);
  }

  private long now() {
    return shared.nanos().getAsLong();
  }

  private void assertOnLoop() {
    assert stream.loop().inEventLoop() : "a link is touched on its own event loop only";
  }

  // reading

  @Override
  public void received(ByteBuf bytes) {
    assertOnLoop();
    lastRead = now();
    standing.heard();
    protocol.take(bytes);
    turns.next();
    stuck = !stream.isWritable();
  }

  /** What the protocol waited for has happened. */
  public void goOn() {
    assertOnLoop();
    turns.next();
  }

  @Override
  public void ended() {
    close(LinkEnd.ENDED, "the other side closed it");
  }

  @Override
  public void broken(Throwable cause) {
    close(LinkEnd.BROKEN, "it broke: " + cause.getMessage());
  }

  /** The other side says who it is. */
  public void introduced(Introduction words) {
    assertOnLoop();
    if (!introduction.equals(Optional.of(words))) {
      introduction = Optional.of(words);
      shared.peers().introduced(this);
    }
  }

  private void advertise(Set<HostName> now, Runnable inForce) {
    List<Advertisement<StreamOwner>> all = protocol.advertisements(now, this);
    if (state == State.LEAVING || state == State.CLOSED) {
      shared.registry().advertise(this, all, () -> {});
      return;
    }
    long pause = 0;
    if (protocol.hasTakenBack()) {
      rate.changed();
      if (rate.isExceeded()) {
        close(LinkEnd.NAMES_CHURN, "it changes its names without end");
        return;
      }
      pause = rate.pause().toMillis();
    }
    long wait = pause;
    shared
        .registry()
        .advertise(
            this, all, () -> stream.loop().schedule(guarded(inForce), wait, TimeUnit.MILLISECONDS));
  }

  /** What the other side serves, by its own words. On the link's loop. */
  public LearnedNames names() {
    return names;
  }

  // writing

  /** Sends text, after all that was written before. */
  public void write(String text) {
    write(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends bytes, after all that was written before. */
  public void write(byte[] bytes) {
    assertOnLoop();
    lastWrite = now();
    stream.write(bytes, 0, bytes.length);
    stuck = !stream.isWritable();
  }

  /**
   * Runs a task on the loop once the other side has taken all that was written; never, when the
   * link breaks first.
   */
  public void whenTaken(Runnable task) {
    assertOnLoop();
    stream.write(NOTHING, 0, 0, guarded(task));
  }

  /** Runs a task on the loop after so many nanoseconds, unless the link is closed by then. */
  public void after(long nanos, Runnable task) {
    stream
        .loop()
        .schedule(
            guarded(
                () -> {
                  if (state != State.CLOSED) {
                    task.run();
                  }
                }),
            nanos,
            TimeUnit.NANOSECONDS);
  }

  /** False while the other side does not read: what is not needed should not be written. */
  public boolean isWritable() {
    stuck = !stream.isWritable();
    return !stuck;
  }

  /** Tells the other side what is served here now; false when only a new link can. */
  public boolean tell(Offer next) {
    assertOnLoop();
    return protocol.tell(next);
  }

  // any thread

  /** The loop that owns it. */
  public EventExecutor loop() {
    return stream.loop();
  }

  /** Where it is in its life. */
  public State state() {
    return state;
  }

  /** Who dialled. */
  public Direction direction() {
    return origin.isDialled() ? Direction.OUT : Direction.IN;
  }

  /** What the other side was last told. */
  public Offer offered() {
    return protocol.told();
  }

  /** What is spoken, and what is known of the other side by it. */
  public LinkProtocol protocol() {
    return protocol;
  }

  @Override
  public Optional<String> identity() {
    return protocol.identity();
  }

  @Override
  public DataSource source() {
    return protocol.source();
  }

  @Override
  public boolean isUsable() {
    return state == State.UP && !stuck;
  }

  @Override
  public Instant since() {
    return since;
  }

  /** The other end of the stream. */
  public InetSocketAddress remote() {
    return origin.remote();
  }

  @Override
  public Origin origin() {
    return origin;
  }

  @Override
  public Standing standing() {
    return standing;
  }

  @Override
  public Optional<Introduction> introduction() {
    return introduction;
  }

  @Override
  public String label() {
    return introduction.map(Introduction::name).orElseGet(origin::text);
  }

  @Override
  public String describe() {
    return introduction.map(who -> who.name() + " (" + origin.text() + ")").orElseGet(origin::text);
  }
}
