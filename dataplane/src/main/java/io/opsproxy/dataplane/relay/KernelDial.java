package io.opsproxy.dataplane.relay;

import io.netty.channel.ConnectTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A connect under way. Its time-out is kept by the clock of its loop, to within a tick. On that
 * loop only.
 */
final class KernelDial extends TransferClock.Entry implements Relay.Dial {
  private static final int FIRST_EPHEMERAL = firstEphemeralPort();
  private final KernelLoop loop;
  private final InetSocketAddress target;
  private final long timeout;
  private final Relay.DialListener listener;
  private KernelStream stream;
  private boolean over;

  /** The caller has its handle, and may be answered. */
  private boolean returned;

  KernelDial(
      KernelLoop loop, InetSocketAddress target, Duration timeout, Relay.DialListener listener) {
    this.loop = loop;
    this.target = target;
    this.timeout = Math.max(1, timeout.toNanos());
    this.listener = listener;
  }

  /** Ports below it are never chosen by the system for a socket that connects. */
  private static int firstEphemeralPort() {
    try {
      List<String> range = Files.readAllLines(Path.of("/proc/sys/net/ipv4/ip_local_port_range"));
      return Integer.parseInt(range.get(0).strip().split("\\s+", 2)[0]);
    } catch (IOException | RuntimeException e) {
      return 1;
    }
  }

  /**
   * Begins; a place among the descriptors is taken.
   *
   * @param closed gives the place back, when the socket is closed or cannot be opened
   */
  void begin(DialOptions options, Runnable closed) {
    KernelSocket socket;
    try {
      socket = KernelSocket.open(target.getAddress() instanceof Inet6Address);
    } catch (IOException e) {
      closed.run();
      fail(e);
      return;
    }
    stream = new KernelStream(socket, target, this, closed);
    stream.place(loop);
    try {
      socket.setTcpNoDelay(true);
      socket.keepalive(options);
      boolean connected = socket.connect(target);
      loop.clock().add(this);
      stream.start(loop);
      if (connected) {
        succeeded();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /** The caller has it. */
  void hasReturned() {
    returned = true;
  }

  /** The kernel has news. */
  void happened() {
    if (over) {
      return;
    }
    try {
      if (stream.socket().finishConnect()) {
        succeeded();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  private void succeeded() {
    if (target.getPort() >= FIRST_EPHEMERAL && target.equals(stream.localAddress())) {
      // a port on which nobody listens may be chosen as the source as well, and TCP then connects
      // the socket to itself. A reset lets go of the port at once, for who should listen there
      stream.abort();
      fail(new ConnectException(ChannelRelay.SELF));
      return;
    }
    loop.clock().remove(this);
    stream.connected();
    answer(() -> listener.connected(stream));
  }

  /** No connection comes of it. */
  void fail(IOException cause) {
    if (over) {
      return;
    }
    loop.clock().remove(this);
    if (stream != null) {
      stream.abort();
    }
    answer(() -> listener.failed(KernelSocket.plain(cause)));
  }

  private void answer(Runnable told) {
    if (returned) {
      over = true;
      told.run();
    } else if (!loop.loop().isShuttingDown()) {
      loop.loop()
          .execute(
              () -> {
                if (!over) {
                  over = true;
                  told.run();
                }
              });
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      loop.clock().remove(this);
      if (stream != null) {
        stream.abort();
      }
    }
  }

  // as the clock sees it

  @Override
  long total() {
    return 0;
  }

  @Override
  long limitNanos() {
    return timeout;
  }

  @Override
  void report() {}

  @Override
  void expire() {
    fail(new ConnectTimeoutException("connect timed out after " + timeout / 1_000_000 + " ms"));
  }
}
