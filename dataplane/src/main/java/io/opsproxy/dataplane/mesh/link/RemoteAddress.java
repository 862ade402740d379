package io.opsproxy.dataplane.mesh.link;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.ConnectProblem;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.names.Origin;
import io.opsproxy.dataplane.mesh.stream.ThisPeer;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * One address of a remote peer: keeps a link to it, dialling again whenever it is gone.
 *
 * <pre>
 *   WAITING --pause over--> DIALLING --connected, registered--> CONNECTED --link gone--> WAITING
 *      ^                        |
 *      +-- failed or refused ---+            any --stop, or max_reconnect used up--> STOPPED
 * </pre>
 *
 * <p>Names can only be added over a v1 link. When one is taken back a second link is opened, with
 * the names that are left, and the first leaves once the second is registered: the other side is
 * never without the names that stay.
 *
 * <p>All on one event loop, except {@link #status}.
 */
public final class RemoteAddress implements LinkObserver {
  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(10);
  private static final long SYNC_PATIENCE_MILLIS = 500;
  private static final long REST_SECONDS = 60;

  /** The state of an address at which this very peer answers. */
  public static final String ITSELF = "itself";

  /** Makes the link of a stream that was dialled. */
  @FunctionalInterface
  public interface LinkFactory {
    /**
     * @param origin what was dialled
     * @param offer what the other side is told first
     * @param observer hears of the link
     */
    Link link(Stream stream, Origin origin, Offer offer, LinkObserver observer);
  }

  /** Hears what becomes of the dials. On the address's loop. */
  interface Listener {
    void connected(InetSocketAddress address);

    void failed(InetSocketAddress address, String why);
  }

  /**
   * What can be said of it at any time.
   *
   * @param state {@code connected}, {@code connecting}, {@code waiting}, {@code given up}, {@link
   *     #ITSELF}
   * @param error null, or the last problem
   * @param link null while there is none
   */
  public record Status(String state, Instant since, String error, Link link) {}

  private final ThisPeer self;
  private final LinkFactory links;
  private final Listener peer;
  private final HostPort entry;
  private final InetSocketAddress address;
  private final EventExecutor loop;
  private final Backoff backoff;
  private Offer offer;
  private Link current;
  private Link successor;
  private Link retiring;
  private Relay.Dial dial;
  private ScheduledFuture<?> pause;
  private long upSince;

  /** In a row; a link that came up ends the row, however short it lived. */
  private int failures;

  private boolean stopped;
  private volatile Status status;

  RemoteAddress(
      ThisPeer self,
      LinkFactory links,
      Listener peer,
      HostPort entry,
      InetSocketAddress address,
      Offer offer,
      RandomGenerator random) {
    this.self = self;
    this.links = links;
    this.peer = peer;
    this.entry = entry;
    this.address = address;
    this.loop = self.nextLoop();
    this.offer = offer;
    this.backoff = new Backoff(random);
    status = new Status("connecting", Instant.now(), null, null);
  }

  /** Where it is now. Any thread. */
  public Status status() {
    return status;
  }

  /** Any thread. */
  void start() {
    loop.execute(this::dial);
  }

  /** Any thread. */
  void stop() {
    loop.execute(this::stopNow);
  }

  private void stopNow() {
    assert loop.inEventLoop();
    stopped = true;
    if (pause != null) {
      pause.cancel(false);
    }
    if (dial != null) {
      dial.cancel();
    }
    closeLink(LinkEnd.UNWANTED, successor);
    closeLink(LinkEnd.UNWANTED, current);
    closeLink(LinkEnd.UNWANTED, retiring);
    set("stopped", null);
  }

  private static void closeLink(LinkEnd end, Link link) {
    if (link != null) {
      link.close(end, "it is no longer wanted");
    }
  }

  /** The names served here changed. Any thread. */
  void offer(Offer next) {
    loop.execute(() -> tell(next));
  }

  private void tell(Offer next) {
    assert loop.inEventLoop();
    offer = next;
    if (stopped || current == null || current.state() != Link.State.UP) {
      return;
    }
    if (successor != null || !current.tell(next)) {
      Link overtaken = successor;
      // first, so that its end does not count as a failure to take names back
      successor = null;
      closeLink(LinkEnd.REPLACED, overtaken);
      dial();
    }
  }

  private void dial() {
    assert loop.inEventLoop();
    if (stopped || dial != null) {
      return;
    }
    pause = null;
    if (current == null && !status.state.equals(ITSELF)) {
      set("connecting", status.error);
    }
    dial =
        self.relay()
            .dial(
                loop,
                address,
                DIAL_TIMEOUT,
                new Relay.DialListener() {
                  @Override
                  public void connected(Stream stream) {
                    dial = null;
                    Link link =
                        links.link(
                            stream, Origin.dialled(address, entry), offer, RemoteAddress.this);
                    if (current == null) {
                      current = link;
                    } else {
                      successor = link;
                    }
                    link.open();
                  }

                  @Override
                  public void failed(Throwable cause) {
                    dial = null;
                    again(ConnectProblem.describe(cause));
                  }
                });
  }

  @Override
  public void up(Link link) {
    if (link == successor) {
      retireOld();
      Link old = current;
      retiring = old;
      current = link;
      successor = null;
      // its names come with SYNC, which a v1 peer need not send: the old link stands in for that
      // long
      loop.schedule(
          () -> {
            if (retiring == old) {
              retireOld();
            }
          },
          SYNC_PATIENCE_MILLIS,
          TimeUnit.MILLISECONDS);
    }
    failures = 0;
    upSince = System.nanoTime();
    boolean news = !status.state.equals("connected");
    set("connected", null);
    if (news) {
      peer.connected(address);
    }
    if (!link.offered().equals(offer)) {
      offer(offer);
    }
  }

  @Override
  public void told(Link link) {
    if (link == current) {
      retireOld();
    }
  }

  private void retireOld() {
    if (retiring != null) {
      retiring.leave();
      retiring = null;
    }
  }

  @Override
  public void closed(Link link, String why) {
    if (link == successor) {
      successor = null;
      // the old link still tells of names that are gone: it goes as well, and all begins anew
      closeLink(LinkEnd.REPLACED, current);
    } else if (link == current) {
      current = null;
      if (upSince != 0 && System.nanoTime() - upSince > Backoff.HEALTHY.toNanos()) {
        backoff.reset();
      }
      upSince = 0;
      if (link.protocol().isThisPeer()) {
        rest();
      } else {
        again(why);
      }
    }
  }

  /** A list of replicas has this one as well: no fault, and looked at again now and then. */
  private void rest() {
    if (!stopped && pause == null) {
      set(ITSELF, null);
      pause =
          loop.schedule(
              Guard.of(this::dial, e -> again(e.toString())), REST_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void again(String why) {
    assert loop.inEventLoop();
    if (stopped) {
      return;
    }
    if (current != null) {
      // a successor could not be dialled; its names must still be taken back
      closeLink(LinkEnd.REPLACED, current);
      return;
    }
    int most = self.config().peer().maxReconnect();
    if (most > 0 && failures >= most) {
      stopped = true;
      set("given up", why);
      peer.failed(address, why + "; given up after " + most + " attempts (peer.max_reconnect)");
      return;
    }
    boolean news = !why.equals(status.error);
    set("waiting", why);
    if (news) {
      peer.failed(address, why);
    }
    if (pause == null) {
      failures++;
      long wait = backoff.nextNanos(self.config().peer().reconnectInterval());
      pause =
          loop.schedule(Guard.of(this::dial, e -> again(e.toString())), wait, TimeUnit.NANOSECONDS);
    }
  }

  private void set(String state, String error) {
    Instant since = status.state.equals(state) ? status.since : Instant.now();
    status = new Status(state, since, error, current);
  }
}
