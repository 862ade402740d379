package io.opsproxy.dataplane.relay;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relay over ordinary Netty channels, on NIO: it runs on every platform, and for short
 * connections NIO cost less than Netty's epoll channels where both were measured.
 *
 * <p>Each channel has one handler, {@link ChannelStream}, which is the stream, and later one side
 * of a transfer: nothing in a pipeline is ever added or replaced while a connection lives. All
 * channels of a loop read into one buffer of up to 256 KiB, the largest lever on bulk cost; only
 * what the other side does not take at once is copied. The allocator of these copies is the pooled
 * one with chunks of 1 MiB, so that it holds at a small heap (the adaptive default of Netty 4.2 was
 * seen to retain far more).
 */
public final class ChannelRelay implements Relay {
  private static final Logger log = LoggerFactory.getLogger(ChannelRelay.class);
  private static final int BACKLOG = 4096;
  private static final int PAGE = 8192;
  private static final int MAX_ORDER = 7;
  static final String SELF = "Connection refused: nobody listens, and the dial met itself";
  static final String NO_DESCRIPTOR = "this peer has no file descriptor left for it";

  private final EventLoopGroup group;
  private final List<EventExecutor> loops = new ArrayList<>();
  private final Map<EventExecutor, RelayLoop> states = new IdentityHashMap<>();
  private final PooledByteBufAllocator allocator;
  private final WriteBufferWaterMark watermark = new WriteBufferWaterMark(32 * 1024, 64 * 1024);
  private final Bounds bounds;
  private final AtomicInteger open = new AtomicInteger();

  /**
   * @param threads event loops, at least 1
   */
  public ChannelRelay(int threads) {
    this(threads, "relay", Bounds.ofThisProcess());
  }

  /**
   * @param threads event loops, at least 1
   * @param name what its threads are called
   * @param bounds those of this process
   */
  public ChannelRelay(int threads, String name, Bounds bounds) {
    this.bounds = bounds;
    group =
        new MultiThreadIoEventLoopGroup(
            threads, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    for (EventExecutor loop : group) {
      loops.add(loop);
      states.put(loop, new RelayLoop((EventLoop) loop, bounds.bytes()));
    }
    allocator = new PooledByteBufAllocator(true, 0, threads, PAGE, MAX_ORDER, 256, 64, false);
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
    return states.get(loop).share();
  }

  @Override
  public Binding listen(InetSocketAddress address, Acceptor acceptor) throws IOException {
    LeanSocketChannel.Server server = new LeanSocketChannel.Server(family(address));
    server.config().setBacklog(BACKLOG);
    server.config().setReuseAddress(true);
    server.pipeline().addLast(new AcceptHandler(acceptor));
    ChannelFuture bound = group.register(server).syncUninterruptibly().channel().bind(address);
    bound.awaitUninterruptibly();
    if (!bound.isSuccess()) {
      server.close();
      throw new IOException(
          "cannot listen on "
              + address.getHostString()
              + ":"
              + address.getPort()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    InetSocketAddress local = server.localAddress();
    bounds.listening().add(local);
    return new Binding() {
      @Override
      public InetSocketAddress address() {
        return local;
      }

      @Override
      public void close() {
        bounds.listening().remove(local);
        server.close().syncUninterruptibly();
        // the kernel goes on listening until the selector's next round has let go of the key
        server.eventLoop().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).syncUninterruptibly();
      }
    };
  }

  @Override
  public Dial dial(
      EventExecutor loop,
      InetSocketAddress target,
      Duration timeout,
      DialOptions options,
      DialListener listener) {
    Attempt attempt = new Attempt((EventLoop) loop, target, listener);
    if (bounds.descriptors().take()) {
      attempt.begin(timeout, options);
    } else {
      attempt.failed(new IOException(NO_DESCRIPTOR));
    }
    attempt.returned = true;
    return attempt;
  }

  private static SocketProtocolFamily family(InetSocketAddress address) {
    return address.getAddress() instanceof Inet6Address
        ? SocketProtocolFamily.INET6
        : SocketProtocolFamily.INET;
  }

  @Override
  public Transfer join(
      Stream client, Stream upstream, TransferLimits limits, TransferListener listener) {
    TransferClock clock = states.get(client.loop()).clock();
    if (client instanceof ChannelStream first && upstream instanceof ChannelStream second) {
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
    ChannelStream moving = (ChannelStream) stream;
    moving.detach();
    if (moving.loop() == loop) {
      moved.run();
      return;
    }
    Channel channel = moving.channel();
    // in a task of its own: what the old loop is doing with the channel at this moment must be over
    // first
    channel
        .eventLoop()
        .execute(
            () -> {
              moving.leaves();
              channel.deregister().addListener(left -> adopt(moving, (EventLoop) loop, moved));
            });
  }

  private void adopt(ChannelStream stream, EventLoop loop, Runnable moved) {
    if (!loop.inEventLoop()) {
      loop.execute(() -> adopt(stream, loop, moved));
      return;
    }
    stream.on(states.get(loop));
    loop.register(stream.channel())
        .addListener(
            registered -> {
              if (!registered.isSuccess()) {
                stream.lost(registered.cause());
              }
              moved.run();
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
      states.values().forEach(RelayLoop::release);
    }
  }

  /** Direct memory that the pool holds, in bytes. */
  public long pooledBytes() {
    return allocator.metric().usedDirectMemory();
  }

  /** The caller has taken a file descriptor for it. */
  private ChannelStream prepare(LeanSocketChannel channel) {
    ChannelStream stream = new ChannelStream(channel, this::closed);
    ChannelConfig config = channel.config();
    config.setAllocator(allocator);
    config.setRecvByteBufAllocator(new LentReads(stream));
    config.setWriteBufferWaterMark(watermark);
    config.setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
    config.setAutoRead(false);
    open.incrementAndGet();
    return stream;
  }

  private void closed() {
    open.decrementAndGet();
    bounds.descriptors().giveBack();
  }

  /** A connect under way. On its loop. */
  private final class Attempt implements Dial {
    private final EventLoop loop;
    private final InetSocketAddress target;
    private final DialListener listener;
    private LeanSocketChannel channel;
    private ChannelStream stream;
    private boolean over;

    /** The caller has its handle, and may be answered. */
    private boolean returned;

    Attempt(EventLoop loop, InetSocketAddress target, DialListener listener) {
      this.loop = loop;
      this.target = target;
      this.listener = listener;
    }

    void begin(Duration timeout, DialOptions options) {
      try {
        channel = new LeanSocketChannel(family(target));
      } catch (ChannelException cannotOpen) {
        bounds.descriptors().giveBack();
        failed(cannotOpen.getCause() == null ? cannotOpen : cannotOpen.getCause());
        return;
      }
      stream = prepare(channel);
      stream.on(states.get(loop));
      channel
          .config()
          .setConnectTimeoutMillis(
              (int) Math.min(Integer.MAX_VALUE, Math.max(1, timeout.toMillis())));
      options.keepalive().ifPresent(keepalive -> Keepalive.set(channel.config(), keepalive));
      loop.register(channel).addListener(r -> registered(r.isSuccess(), r.cause()));
    }

    private void registered(boolean success, Throwable cause) {
      if (!success) {
        closed();
        failed(cause);
      } else if (over) {
        channel.close();
      } else {
        channel.connect(target).addListener(c -> connected(c.isSuccess(), c.cause()));
      }
    }

    private void connected(boolean success, Throwable cause) {
      if (over) {
        return;
      }
      if (success && target.equals(channel.localAddress())) {
        // a local port of the ephemeral range on which nobody listens: the system may choose that
        // very port as the source, and TCP then connects the socket to itself. A reset lets go of
        // the port at once, so that who should listen there can
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        failed(new ConnectException(SELF));
      } else if (success) {
        answer(() -> listener.connected(stream));
      } else {
        failed(cause);
      }
    }

    private void failed(Throwable cause) {
      if (channel != null) {
        channel.close();
      }
      answer(() -> listener.failed(cause));
    }

    private void answer(Runnable told) {
      if (over) {
        return;
      }
      if (returned) {
        over = true;
        told.run();
      } else if (!loop.isShuttingDown()) {
        loop.execute(
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
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  /** Takes accepted channels from the server channel and gives each to a loop. */
  private final class AcceptHandler extends ChannelInboundHandlerAdapter {
    private static final long PAUSE_MILLIS = 100;
    private final Acceptor acceptor;
    private long lastWarning;

    AcceptHandler(Acceptor acceptor) {
      this.acceptor = acceptor;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      LeanSocketChannel channel = (LeanSocketChannel) message;
      if (!bounds.descriptors().takeForAccepted()) {
        channel.refuse();
        acceptor.refused();
        return;
      }
      ChannelStream stream = prepare(channel);
      EventLoop loop = group.next();
      stream.on(states.get(loop));
      loop.register(channel)
          .addListener(
              registered -> {
                if (registered.isSuccess()) {
                  acceptor.accepted(stream);
                } else {
                  channel.close();
                  closed();
                }
              });
    }

    /**
     * Accept fails when descriptors have run out (EMFILE). The pending connection stays readable,
     * so without a pause the loop would spin on it.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(
              () -> ctx.channel().config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
      long now = System.nanoTime();
      if (now - lastWarning > TimeUnit.SECONDS.toNanos(10)) {
        lastWarning = now;
        log.warn(
            "accept on {} failed, trying again every {} ms: {}",
            ctx.channel().localAddress(),
            PAUSE_MILLIS,
            cause.toString());
      }
    }
  }
}
