package io.opsproxy.dataplane.mesh;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One control connection to another peer, whoever dialled it.
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
abstract class Link implements Receiver {
  /** Where a link is in its life. */
  enum State {
    OPENING,
    UP,
    LEAVING,
    CLOSED
  }

  /** How long a link that was left may still bring forwards that had been sent over it. */
  private static final long FAREWELL = TimeUnit.SECONDS.toNanos(5);

  protected final Logger log = LoggerFactory.getLogger(getClass());
  protected final Mesh mesh;
  protected final Stream stream;
  private final InetSocketAddress remote;
  private final LineReader reader;
  private final NameBudget budget;
  private final Instant since = Instant.now();
  private final Map<HostName, HostPort> registered = new LinkedHashMap<>();
  private Map<HostName, HostPort> synced = Map.of();
  private ScheduledFuture<?> clock;
  private long lastRead = System.nanoTime();
  private long lastWrite = lastRead;
  private long leftAt;
  private boolean paused;
  private volatile State state = State.OPENING;
  private volatile Optional<PeerLine.Sender> peer = Optional.empty();
  private volatile Map<HostName, HostPort> offered = Map.of();
  private volatile boolean stuck;

  /**
   * @param maxLine longest line that is accepted, in bytes
   * @param budget bounds the names that are remembered for the other side
   */
  Link(Mesh mesh, Stream stream, int maxLine, NameBudget budget) {
    this.mesh = mesh;
    this.budget = budget;
    this.stream = stream;
    this.reader = new LineReader(maxLine);
    this.remote = stream.remoteAddress();
  }

  // what the two kinds of link differ in

  /** A line that only this side of a link gets. */
  abstract void line(PeerLine line);

  /** Silence after which the other side counts as dead. */
  abstract Duration readTimeout();

  /** Something is due: called about ten times a read time-out, at least once a second. */
  abstract void tick(long nanosSinceWrite);

  /** A SYNC line was taken. */
  void onSynced() {}

  /** It is closed. */
  abstract void closed(String why);

  /** {@code in} when the other side dialled, {@code out} when this one did. */
  abstract String direction();

  /**
   * Where a DATA connection for a forward of this link goes; empty when the other side never said.
   */
  abstract Optional<HostPort> dataAddress();

  /** What the other side was last told about this one. */
  abstract Offer told();

  /** Whether a forward for this was allowed by what the other side was told. */
  abstract Optional<HostName> rule(HostName name, HostPort backend);

  // life

  void open() {
    long period = Math.max(20, Math.min(1000, readTimeout().toMillis() / 10));
    clock = stream.loop().scheduleAtFixedRate(this::onTick, period, period, TimeUnit.MILLISECONDS);
    stream.receive(this);
  }

  private void onTick() {
    if (state == State.CLOSED) {
      return;
    }
    long now = System.nanoTime();
    if (state == State.LEAVING && now - leftAt >= FAREWELL) {
      close("the other side did not close it in turn");
    } else if (now - lastRead >= readTimeout().toNanos()) {
      close("nothing was heard for " + readTimeout().toMillis() + " ms");
    } else {
      tick(now - lastWrite);
      readAgain();
    }
  }

  private void readAgain() {
    boolean writable = stream.isWritable();
    stuck = !writable;
    if (paused && writable && state != State.CLOSED) {
      paused = false;
      stream.receive(this);
    }
  }

  /** The other side has accepted a registration, or this one has. */
  protected void up() {
    if (state == State.OPENING) {
      state = State.UP;
      mesh.linkUp(this);
    }
  }

  /** No new forwards over it; what is under way may still come. */
  protected void leave() {
    if (state == State.UP || state == State.OPENING) {
      state = State.LEAVING;
      leftAt = System.nanoTime();
      withdrawNames();
      stream.finish();
    }
  }

  /** On the link's loop. */
  void close(String why) {
    if (state != State.CLOSED) {
      boolean known = state == State.UP;
      state = State.CLOSED;
      clock.cancel(false);
      withdrawNames();
      budget.giveBack(registered.keySet());
      budget.giveBack(synced.keySet());
      stream.close();
      if (known) {
        log.info("link {} {} closed: {}", direction(), describe(), why);
      }
      mesh.linkDown(this);
      closed(why);
    }
  }

  // reading

  @Override
  public void received(ByteBuf bytes) {
    lastRead = System.nanoTime();
    if (!reader.read(bytes, this::onLine)) {
      close("a line is longer than allowed");
    } else if (!stream.isWritable() && !paused) {
      // lines are answered: from a peer that does not read no more are taken
      paused = true;
      stream.pause();
    }
  }

  @Override
  public void ended() {
    close("the other side closed it");
  }

  @Override
  public void broken(Throwable cause) {
    close("it broke: " + cause.getMessage());
  }

  private void onLine(String text) {
    if (state == State.CLOSED || text.isEmpty()) {
      return;
    }
    PeerLine line = PeerLineCodec.parse(text);
    if (line instanceof PeerLine.Sync sync) {
      onSync(sync);
    } else if (line instanceof PeerLine.Forward forward) {
      mesh.forwards().serve(this, forward);
    } else if (line instanceof PeerLine.ForwardFailed failed) {
      mesh.pending().failed(this, failed.id(), failed.reason());
    } else {
      line(line);
    }
  }

  private void onSync(PeerLine.Sync sync) {
    sync.sender().ifPresent(this::introduced);
    budget.giveBack(synced.keySet());
    Map<HostName, HostPort> names = new LinkedHashMap<>();
    sync.items().forEach(item -> remember(item, names));
    synced = names;
    publishNames();
    onSynced();
  }

  /**
   * Takes names that the other side registers, besides those that it has registered before.
   *
   * @return how many of them were taken
   */
  protected int register(PeerLine.Register line) {
    line.sender().ifPresent(this::introduced);
    List<PeerLine.Item> taken =
        line.items().stream().filter(item -> remember(item, registered)).toList();
    publishNames();
    mesh.countRegistrations(taken);
    return taken.size();
  }

  private boolean remember(PeerLine.Item item, Map<HostName, HostPort> names) {
    if (names.containsKey(item.name()) || budget.take(item.name())) {
      names.put(item.name(), item.backend());
      return true;
    }
    return false;
  }

  private void introduced(PeerLine.Sender sender) {
    peer = Optional.of(sender);
  }

  private void publishNames() {
    if (state == State.LEAVING || state == State.CLOSED) {
      return;
    }
    Map<HostName, HostPort> all = new LinkedHashMap<>(synced);
    all.putAll(registered);
    if (!all.equals(offered)) {
      offered = Map.copyOf(all);
      mesh.namesChanged(this);
    }
  }

  private void withdrawNames() {
    if (!offered.isEmpty()) {
      offered = Map.of();
      mesh.namesChanged(this);
    }
  }

  // writing

  /** On the link's loop. */
  protected void write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    lastWrite = System.nanoTime();
    stream.write(bytes, 0, bytes.length);
    stuck = !stream.isWritable();
  }

  /**
   * Asks the other side for a DATA connection. On the link's loop.
   *
   * @return false when the line cannot be sent: the link is closed, or its peer does not read
   */
  boolean forward(String id, HostName name, HostPort backend) {
    if (state != State.UP || !stream.isWritable()) {
      stuck = state == State.UP;
      return false;
    }
    write(PeerLineCodec.forward(id, name, backend));
    return true;
  }

  /**
   * Says that a forward cannot be served, if the other side understands that. On the link's loop.
   */
  void forwardFailed(String id, String reason) {
    if (state != State.CLOSED && PeerLineCodec.isOurId(id) && stream.isWritable()) {
      write(PeerLineCodec.forwardFailed(id, reason));
    }
  }

  // any thread

  EventExecutor loop() {
    return stream.loop();
  }

  State state() {
    return state;
  }

  /** Whether a new request may be sent over it. */
  boolean usable() {
    return state == State.UP && !stuck;
  }

  /** Names that the other side serves, with the backend that a FORWARD must repeat. */
  Map<HostName, HostPort> names() {
    return offered;
  }

  Instant since() {
    return since;
  }

  InetSocketAddress remote() {
    return remote;
  }

  InetAddress source() {
    return remote.getAddress();
  }

  Optional<PeerLine.Sender> peer() {
    return peer;
  }

  /** The peer's own name where it gave one, with its address. */
  String describe() {
    String address = remote.getAddress().getHostAddress() + ":" + remote.getPort();
    return peer.map(p -> p.id() + " (" + address + ")").orElse(address);
  }
}
