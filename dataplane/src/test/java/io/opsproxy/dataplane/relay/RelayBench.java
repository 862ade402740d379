package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;

/**
 * A relay with real sockets at both ends: whatever connects to its port is joined with a connection
 * to its backend.
 */
final class RelayBench implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = 20_000;
  private final Relay relay;
  private final TransferLimits limits;
  private final ServerSocket backend;
  private final Relay.Binding binding;
  private final List<Socket> sockets = new ArrayList<>();
  private final BlockingQueue<Joined> joined = new LinkedBlockingQueue<>();
  private BiConsumer<Stream, Stream> beforeJoin = (client, upstream) -> {};
  private CompletableFuture<Void> hold = CompletableFuture.completedFuture(null);
  private boolean move;

  RelayBench(Relay relay, TransferLimits limits) throws IOException {
    this.relay = relay;
    this.limits = limits;
    backend = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    binding =
        relay.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), this::accepted);
  }

  Relay relay() {
    return relay;
  }

  InetSocketAddress listening() {
    return binding.address();
  }

  /** Accepts into its backlog whatever comes. */
  InetSocketAddress backend() {
    return (InetSocketAddress) backend.getLocalSocketAddress();
  }

  void stopListening() {
    binding.close();
  }

  /** Runs on the loop, right before the two streams are joined. */
  void beforeJoin(BiConsumer<Stream, Stream> action) {
    beforeJoin = action;
  }

  /** No transfer begins before this is done. */
  void holdJoin(CompletableFuture<Void> until) {
    hold = until;
  }

  /** Upstreams are dialled on another loop than the client's, and moved. */
  void moveUpstreams() {
    move = true;
  }

  private void accepted(Stream client) {
    EventExecutor own = client.loop();
    EventExecutor loop =
        move ? relay.loops().stream().filter(other -> other != own).findFirst().orElseThrow() : own;
    InetSocketAddress target = (InetSocketAddress) backend.getLocalSocketAddress();
    loop.execute(
        () ->
            relay.dial(
                loop,
                target,
                Duration.ofSeconds(10),
                new Relay.DialListener() {
                  @Override
                  public void connected(Stream upstream) {
                    hold.thenRun(
                        () ->
                            loop.execute(
                                () -> relay.move(upstream, own, () -> join(client, upstream))));
                  }

                  @Override
                  public void failed(Throwable cause) {
                    client.loop().execute(client::abort);
                  }
                }));
  }

  private void join(Stream client, Stream upstream) {
    assertThat(upstream.loop()).isSameAs(client.loop());
    beforeJoin.accept(client, upstream);
    Joined both = new Joined(client);
    both.transfer = relay.join(client, upstream, limits, both);
    joined.add(both);
  }

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), binding.address().getPort());
    socket.setSoTimeout(TIMEOUT_MILLIS);
    sockets.add(socket);
    return socket;
  }

  Socket acceptUpstream() throws IOException {
    backend.setSoTimeout(TIMEOUT_MILLIS);
    Socket socket = backend.accept();
    socket.setSoTimeout(TIMEOUT_MILLIS);
    sockets.add(socket);
    return socket;
  }

  /** A client and its upstream, joined. */
  Pair open() throws IOException, InterruptedException {
    Socket client = connect();
    Socket upstream = acceptUpstream();
    Joined both = joined.poll(10, TimeUnit.SECONDS);
    assertThat(both).as("joined within 10 s").isNotNull();
    return new Pair(client, upstream, both);
  }

  /** Dials and waits; fails with what the relay said. */
  Stream dial(InetSocketAddress target, Duration timeout) throws Exception {
    CompletableFuture<Stream> answer = new CompletableFuture<>();
    EventExecutor loop = relay.loops().get(0);
    loop.execute(
        () ->
            relay.dial(
                loop,
                target,
                timeout,
                new Relay.DialListener() {
                  @Override
                  public void connected(Stream stream) {
                    answer.complete(stream);
                  }

                  @Override
                  public void failed(Throwable cause) {
                    answer.completeExceptionally(cause);
                  }
                }));
    return answer.get(20, TimeUnit.SECONDS);
  }

  void onLoop(Runnable task) {
    relay.loops().get(0).execute(task);
  }

  void closeSockets() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    backend.close();
    binding.close();
  }

  @Override
  public void close() throws IOException {
    relay.close();
  }

  static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** The relay's side of a pair. */
  private static final class Joined implements TransferListener {
    private final Stream client;
    private final CompletableFuture<Transfer.Outcome> outcome = new CompletableFuture<>();
    private final AtomicLong toUpstream = new AtomicLong();
    private final AtomicLong toClient = new AtomicLong();
    private final AtomicLong pausedUpstream = new AtomicLong();
    private volatile Transfer transfer;

    Joined(Stream client) {
      this.client = client;
    }

    @Override
    public void progress(long up, long down) {
      toUpstream.addAndGet(up);
      toClient.addAndGet(down);
    }

    @Override
    public void paused(boolean clientSide, long nanos) {
      if (!clientSide) {
        pausedUpstream.addAndGet(nanos);
      }
    }

    @Override
    public void over(Transfer.Outcome how) {
      assertThat(outcome.complete(how)).as("over is called once").isTrue();
    }
  }

  /** Two joined sockets as a test sees them. */
  record Pair(Socket client, Socket upstream, Joined both) {
    Transfer.Outcome outcome() throws Exception {
      return both.outcome.get(20, TimeUnit.SECONDS);
    }

    boolean isOver() {
      return both.outcome.isDone();
    }

    long progressToUpstream() {
      return both.toUpstream.get();
    }

    long progressToClient() {
      return both.toClient.get();
    }

    long pausedUpstreamNanos() {
      return both.pausedUpstream.get();
    }

    void stop() {
      both.client.loop().execute(() -> both.transfer.stop());
    }

    void sayToClientAndClose(String words) {
      byte[] bytes = words.getBytes(StandardCharsets.US_ASCII);
      both.client
          .loop()
          .execute(
              () -> {
                both.client.write(bytes, 0, bytes.length);
                both.client.close();
              });
    }
  }
}
