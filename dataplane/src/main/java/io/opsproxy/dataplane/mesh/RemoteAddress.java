package io.opsproxy.dataplane.mesh;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.dial.ConnectProblem;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

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
final class RemoteAddress {
  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(10);
  private static final long SYNC_PATIENCE_MILLIS = 500;

  /** What can be said of it at any time. */
  record Status(String state, Instant since, String error, DialledLink link) {}

  private final Mesh mesh;
  private final RemotePeer peer;
  private final InetSocketAddress address;
  private final EventExecutor loop;
  private final Backoff backoff;
  private Offer offer;
  private DialledLink current;
  private DialledLink successor;
  private DialledLink retiring;
  private Relay.Dial dial;
  private ScheduledFuture<?> pause;
  private long upSince;

  /** In a row; a link that came up ends the row, however short it lived. */
  private int failures;

  private boolean stopped;
  private volatile Status status;

  RemoteAddress(
      Mesh mesh, RemotePeer peer, InetSocketAddress address, EventExecutor loop, Offer offer) {
    this.mesh = mesh;
    this.peer = peer;
    this.address = address;
    this.loop = loop;
    this.offer = offer;
    this.backoff = new Backoff(mesh.random());
    status = new Status("connecting", Instant.now(), null, null);
  }

  InetSocketAddress address() {
    return address;
  }

  Status status() {
    return status;
  }

  void start() {
    loop.execute(this::dial);
  }

  /** On the loop: it may take no further tasks when the peer ends. */
  void stop() {
    stopped = true;
    if (pause != null) {
      pause.cancel(false);
    }
    if (dial != null) {
      dial.cancel();
    }
    closeLink(successor);
    closeLink(current);
    closeLink(retiring);
    set("stopped", null);
  }

  private static void closeLink(DialledLink link) {
    if (link != null) {
      link.close("it is no longer wanted");
    }
  }

  /** The names served here changed. */
  void offer(Offer next) {
    loop.execute(
        () -> {
          offer = next;
          if (stopped || current == null || current.state() != Link.State.UP) {
            return;
          }
          if (successor != null || next.takesBackFrom(current.told())) {
            DialledLink overtaken = successor;
            // first, so that its end does not count as a failure to take names back
            successor = null;
            closeLink(overtaken);
            dial();
          } else {
            current.extend(next);
          }
        });
  }

  private void dial() {
    if (stopped || dial != null) {
      return;
    }
    pause = null;
    if (current == null) {
      set("connecting", status.error);
    }
    dial =
        mesh.relay()
            .dial(
                loop,
                address,
                DIAL_TIMEOUT,
                new Relay.DialListener() {
                  @Override
                  public void connected(Stream stream) {
                    dial = null;
                    DialledLink link = new DialledLink(mesh, RemoteAddress.this, stream, offer);
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

  /** The link is registered. */
  void linkUp(DialledLink link) {
    if (link == successor) {
      retireOld();
      DialledLink old = current;
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
    if (!link.told().equals(offer)) {
      offer(offer);
    }
  }

  /** The link's SYNC came. */
  void synced(DialledLink link) {
    if (link == current) {
      retireOld();
    }
  }

  private void retireOld() {
    if (retiring != null) {
      retiring.retire();
      retiring = null;
    }
  }

  void linkClosed(DialledLink link, String why) {
    if (link == successor) {
      successor = null;
      // the old link still tells of names that are gone: it goes as well, and all begins anew
      closeLink(current);
    } else if (link == current) {
      current = null;
      if (upSince != 0 && System.nanoTime() - upSince > Backoff.HEALTHY.toNanos()) {
        backoff.reset();
      }
      upSince = 0;
      again(why);
    }
  }

  private void again(String why) {
    if (stopped) {
      return;
    }
    if (current != null) {
      // a successor could not be dialled; its names must still be taken back
      closeLink(current);
      return;
    }
    int most = mesh.config().peer().maxReconnect();
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
      long wait = backoff.nextNanos(mesh.config().peer().reconnectInterval());
      pause = loop.schedule(this::dial, wait, TimeUnit.NANOSECONDS);
    }
  }

  private void set(String state, String error) {
    Instant since = status.state.equals(state) ? status.since : Instant.now();
    status = new Status(state, since, error, current);
  }
}
