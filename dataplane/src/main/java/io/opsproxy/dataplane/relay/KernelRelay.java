package io.opsproxy.dataplane.relay;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The relay on Linux's epoll, below Netty's channels: on its event loops, but with a record of our
 * own for each socket in place of a channel with its pipeline. It makes the fewest system calls
 * that are correct, and moves bulk within the kernel.
 */
public final class KernelRelay implements Relay {
  private static final int BACKLOG = 4096;
  private static final int PAGE = 8192;
  private static final int MAX_ORDER = 7;

  private final EventLoopGroup group;
  private final List<EventExecutor> loops = new ArrayList<>();
  private final List<KernelLoop> states = new ArrayList<>();
  private final Map<EventExecutor, KernelLoop> stateOf = new IdentityHashMap<>();
  private final Bounds bounds;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger turn = new AtomicInteger();

  /** One for all streams. */
  private final Runnable closed = this::socketClosed;

  /**
   * @param threads event loops, at least 1
   * @param name what its threads are called
   * @param bounds those of this process
   */
  public KernelRelay(int threads, String name, Bounds bounds) {
    this.bounds = bounds;
    PooledByteBufAllocator allocator =
        new PooledByteBufAllocator(true, 0, threads, PAGE, MAX_ORDER, 256, 64, false);
    group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
    for (EventExecutor loop : group) {
      KernelLoop state = new KernelLoop((IoEventLoop) loop, bounds, allocator);
      loops.add(loop);
      states.add(state);
      stateOf.put(loop, state);
    }
  }

  private void socketClosed() {
    open.decrementAndGet();
    bounds.descriptors().giveBack();
  }

  @Override
  public List<EventExecutor> loops() {
    return List.copyOf(loops);
  }

  @Override
  public Bounds bounds() {
    return bounds;
  }

  @Override
  public ByteBudget.Share share(EventExecutor loop) {
    return stateOf.get(loop).share();
  }

  private KernelLoop nextLoop() {
    return states.get(Math.floorMod(turn.getAndIncrement(), states.size()));
  }

  @Override
  public Binding listen(InetSocketAddress address, Acceptor acceptor) throws IOException {
    KernelSocket socket = KernelSocket.open(address.getAddress() instanceof Inet6Address);
    try {
      socket.setReuseAddress(true);
      // what it accepts inherits it, without a call for each
      socket.setTcpNoDelay(true);
      socket.bind(address);
      socket.listen(BACKLOG);
    } catch (IOException e) {
      socket.end(false);
      IOException cause = KernelSocket.plain(e);
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + cause.getMessage(),
          cause);
    }
    InetSocketAddress local = socket.localAddress();
    KernelLoop loop = nextLoop();
    KernelAcceptor listening =
        new KernelAcceptor(
            socket,
            loop,
            bounds.descriptors(),
            (one, remote) -> accepted(one, remote, acceptor),
            acceptor::refused);
    bounds.listening().add(local);
    loop.loop().submit(listening::start).syncUninterruptibly();
    return new Binding() {
      @Override
      public InetSocketAddress address() {
        return local;
      }

      @Override
      public void close() {
        bounds.listening().remove(local);
        if (!loop.loop().isShuttingDown()) {
          loop.loop().submit(listening::close).syncUninterruptibly();
        }
      }
    };
  }

  private void accepted(KernelSocket socket, InetSocketAddress remote, Acceptor acceptor) {
    open.incrementAndGet();
    KernelStream stream = new KernelStream(socket, remote, null, closed);
    KernelLoop loop = nextLoop();
    if (loop.loop().inEventLoop()) {
      begin(stream, loop, acceptor);
    } else {
      loop.loop().execute(() -> begin(stream, loop, acceptor));
    }
  }

  private static void begin(KernelStream stream, KernelLoop loop, Acceptor acceptor) {
    stream.start(loop);
    acceptor.accepted(stream);
  }

  @Override
  public Dial dial(
      EventExecutor loop,
      InetSocketAddress target,
      Duration timeout,
      DialOptions options,
      DialListener listener) {
    KernelDial dial = new KernelDial(stateOf.get(loop), target, timeout, listener);
    if (bounds.descriptors().take()) {
      open.incrementAndGet();
      dial.begin(options, closed);
    } else {
      dial.fail(new IOException(ChannelRelay.NO_DESCRIPTOR));
    }
    dial.hasReturned();
    return dial;
  }

  @Override
  public Transfer join(
      Stream client, Stream upstream, TransferLimits limits, TransferListener listener) {
    TransferClock clock = stateOf.get(client.loop()).clock();
    if (client instanceof KernelStream first && upstream instanceof KernelStream second) {
      return new TwoWayTransfer(first, second, clock, limits, listener).start();
    }
    return new PumpedTransfer(client, upstream, clock, limits, listener).start();
  }

  @Override
  public void move(Stream stream, EventExecutor loop, Runnable moved) {
    if (stream instanceof TlsStream secured) {
      secured.move(this, loop, moved);
      return;
    }
    KernelStream moving = (KernelStream) stream;
    moving.detach();
    if (moving.loop() == loop) {
      moved.run();
      return;
    }
    // in a task of its own: what the old loop is doing with it at this moment must be over first
    ((EventLoop) moving.loop())
        .execute(
            () -> {
              moving.leave();
              loop.execute(
                  () -> {
                    moving.arrive(stateOf.get(loop));
                    moved.run();
                  });
            });
  }

  @Override
  public int openStreams() {
    return open.get();
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    if (group.terminationFuture().awaitUninterruptibly(3, TimeUnit.SECONDS)) {
      states.forEach(RelayLoop::release);
    }
  }
}
