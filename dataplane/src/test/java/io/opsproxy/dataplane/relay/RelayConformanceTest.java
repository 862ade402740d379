package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What every {@link Relay} must do, with real sockets on both sides. A new implementation extends
 * this class and gives itself in {@link #relay}; no test knows which one runs.
 */
@Timeout(60)
abstract class RelayConformanceTest {
  private static final TransferLimits PATIENT =
      new TransferLimits(Duration.ofMinutes(5), Duration.ofMinutes(5), false);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private RelayBench bench;

  /** A fresh relay with this many event loops. */
  abstract Relay relay(int loops, Bounds bounds);

  private RelayBench bench(int loops, TransferLimits limits) throws IOException {
    return bench(loops, limits, Bounds.ofThisProcess());
  }

  private RelayBench bench(int loops, TransferLimits limits, Bounds bounds) throws IOException {
    bench = new RelayBench(relay(loops, bounds), limits);
    return bench;
  }

  private static Bounds bounds(long bytes, int descriptors) {
    return new Bounds(
        new ByteBudget(bytes), new Descriptors(descriptors, 0, 1L << 40), new ListeningSockets());
  }

  private RelayBench bench() throws IOException {
    return bench(1, PATIENT);
  }

  @AfterEach
  void everythingIsClosed() throws IOException {
    if (bench != null) {
      bench.closeSockets();
      await()
          .atMost(10, TimeUnit.SECONDS)
          .untilAsserted(() -> assertThat(bench.relay().openStreams()).isZero());
      bench.close();
    }
    threads.shutdownNow();
  }

  @Test
  void bytesPassBothWays() throws Exception {
    RelayBench.Pair pair = bench().open();
    pair.client().getOutputStream().write(bytes("ping"));
    assertThat(read(pair.upstream(), 4)).isEqualTo("ping");
    pair.upstream().getOutputStream().write(bytes("pong!"));
    assertThat(read(pair.client(), 5)).isEqualTo("pong!");
    pair.client().close();
    pair.upstream().close();
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
    assertThat(pair.progressToUpstream()).isEqualTo(4);
    assertThat(pair.progressToClient()).isEqualTo(5);
  }

  @Test
  void clientMayEndFirstAndStillReceive() throws Exception {
    RelayBench.Pair pair = bench().open();
    pair.client().getOutputStream().write(bytes("request"));
    pair.client().shutdownOutput();
    assertThat(readAll(pair.upstream())).isEqualTo("request");
    pair.upstream().getOutputStream().write(bytes("late answer"));
    pair.upstream().close();
    assertThat(readAll(pair.client())).isEqualTo("late answer");
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
  }

  @Test
  void upstreamMayEndFirstAndStillReceive() throws Exception {
    RelayBench.Pair pair = bench().open();
    pair.upstream().getOutputStream().write(bytes("all I say"));
    pair.upstream().shutdownOutput();
    assertThat(readAll(pair.client())).isEqualTo("all I say");
    pair.client().getOutputStream().write(bytes("upload"));
    pair.client().close();
    assertThat(readAll(pair.upstream())).isEqualTo("upload");
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
  }

  @Test
  void bothMayEndAtTheSameMoment() throws Exception {
    bench();
    for (int i = 0; i < 50; i++) {
      RelayBench.Pair pair = bench.open();
      Future<?> other =
          threads.submit(
              () -> {
                pair.upstream().shutdownOutput();
                return null;
              });
      pair.client().shutdownOutput();
      other.get(10, TimeUnit.SECONDS);
      assertThat(readAll(pair.client())).isEmpty();
      assertThat(readAll(pair.upstream())).isEmpty();
      assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
    }
  }

  @Test
  void resetOfTheClientReachesTheUpstream() throws Exception {
    RelayBench.Pair pair = bench().open();
    reset(pair.client());
    assertReset(pair.upstream());
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.CLIENT_BROKE);
  }

  @Test
  void resetOfTheUpstreamReachesTheClient() throws Exception {
    RelayBench.Pair pair = bench().open();
    reset(pair.upstream());
    assertReset(pair.client());
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.UPSTREAM_BROKE);
  }

  @Test
  void resetAfterHalfCloseIsSeen() throws Exception {
    RelayBench.Pair pair = bench().open();
    pair.client().shutdownOutput();
    assertThat(readAll(pair.upstream())).isEmpty();
    reset(pair.upstream());
    assertReset(pair.client());
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.UPSTREAM_BROKE);
  }

  @Test
  void oneByteAtATimeArrives() throws Exception {
    RelayBench.Pair pair = bench().open();
    pair.client().setTcpNoDelay(true);
    byte[] sent = random(600);
    Future<byte[]> received =
        threads.submit(() -> pair.upstream().getInputStream().readNBytes(sent.length));
    for (byte one : sent) {
      pair.client().getOutputStream().write(one);
    }
    assertThat(received.get(30, TimeUnit.SECONDS)).isEqualTo(sent);
  }

  @Test
  void aReaderThatStopsHoldsTheWriterBackAndLosesNothing() throws Exception {
    RelayBench.Pair pair = bench().open();
    byte[] block = random(64 * 1024);
    int blocks = 1024;
    CompletableFuture<Integer> written = new CompletableFuture<>();
    AtomicReference<Integer> sofar = new AtomicReference<>(0);
    threads.submit(
        () -> {
          for (int i = 0; i < blocks; i++) {
            pair.upstream().getOutputStream().write(block);
            sofar.set(i + 1);
          }
          pair.upstream().shutdownOutput();
          return written.complete(blocks);
        });
    // the writer comes to a standstill: what the relay took is bounded by socket buffers and its
    // own watermark
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(20, TimeUnit.SECONDS)
        .until(new Standstill(sofar::get));
    assertThat(written).isNotDone();
    assertThat(sofar.get()).isLessThan(blocks / 2);
    MessageDigest expected = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < blocks; i++) {
      expected.update(block);
    }
    assertThat(digest(pair.client().getInputStream())).isEqualTo(expected.digest());
    assertThat(pair.pausedUpstreamNanos()).isPositive();
  }

  @Test
  void aSlowReaderGetsAllThatWasSentBeforeTheEnd() throws Exception {
    RelayBench.Pair pair = bench().open();
    byte[] sent = random(3 * 1024 * 1024 + 17);
    threads.submit(
        () -> {
          pair.upstream().getOutputStream().write(sent);
          pair.upstream().close();
          return null;
        });
    pair.client().shutdownOutput();
    InputStream in = pair.client().getInputStream();
    MessageDigest received = MessageDigest.getInstance("SHA-256");
    byte[] chunk = new byte[8 * 1024];
    int count;
    int reads = 0;
    while ((count = in.read(chunk)) >= 0) {
      received.update(chunk, 0, count);
      if (++reads % 50 == 0) {
        TimeUnit.MILLISECONDS.sleep(2);
      }
    }
    assertThat(received.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(sent));
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
  }

  @Test
  void manyTransfersInBothDirectionsKeepTheirBytesApart() throws Exception {
    bench(2, PATIENT);
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      RelayBench.Pair pair = bench.open();
      byte[] up = random(4 * 1024 * 1024 + i);
      byte[] down = random(5 * 1024 * 1024 + i);
      all.add(threads.submit(() -> sendAndEnd(pair.client(), up)));
      all.add(threads.submit(() -> sendAndEnd(pair.upstream(), down)));
      all.add(threads.submit(() -> expectAll(pair.upstream(), up)));
      all.add(threads.submit(() -> expectAll(pair.client(), down)));
    }
    for (Future<?> one : all) {
      one.get(50, TimeUnit.SECONDS);
    }
  }

  @Test
  void bytesWrittenBeforeTheJoinComeFirst() throws Exception {
    bench()
        .beforeJoin(
            (client, upstream) -> {
              client.write(bytes("early "), 0, 6);
              upstream.write(bytes("prelude "), 0, 8);
            });
    RelayBench.Pair pair = bench.open();
    pair.client().getOutputStream().write(bytes("rest"));
    pair.upstream().getOutputStream().write(bytes("answer"));
    assertThat(read(pair.upstream(), 12)).isEqualTo("prelude rest");
    assertThat(read(pair.client(), 12)).isEqualTo("early answer");
  }

  @Test
  void bytesThatWaitBeforeTheJoinAreNotLost() throws Exception {
    CompletableFuture<Void> go = new CompletableFuture<>();
    bench().holdJoin(go);
    Socket client = bench.connect();
    client.getOutputStream().write(bytes("sent before anyone listened"));
    client.shutdownOutput();
    Socket upstream = bench.acceptUpstream();
    upstream.getOutputStream().write(bytes("spoke first"));
    go.complete(null);
    assertThat(readAll(upstream)).isEqualTo("sent before anyone listened");
    assertThat(read(client, 11)).isEqualTo("spoke first");
    upstream.close();
    assertThat(readAll(client)).isEmpty();
  }

  @Test
  void aStreamOfAnotherLoopIsMovedAndJoined() throws Exception {
    bench(2, PATIENT).moveUpstreams();
    for (int i = 0; i < 20; i++) {
      RelayBench.Pair pair = bench.open();
      byte[] up = random(200_000);
      Future<?> sent = threads.submit(() -> sendAndEnd(pair.client(), up));
      expectAll(pair.upstream(), up);
      sent.get(10, TimeUnit.SECONDS);
      pair.upstream().close();
      assertThat(readAll(pair.client())).isEmpty();
      assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
    }
  }

  @Test
  void anIdleTransferIsClosed() throws Exception {
    RelayBench.Pair pair =
        bench(1, new TransferLimits(Duration.ofMillis(200), Duration.ofMinutes(1), false)).open();
    assertThat(readAll(pair.client())).isEmpty();
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.IDLE);
  }

  @Test
  void bytesKeepATransferAlive() throws Exception {
    RelayBench.Pair pair =
        bench(1, new TransferLimits(Duration.ofMillis(800), Duration.ofMinutes(1), false)).open();
    long start = System.nanoTime();
    while (System.nanoTime() - start < TimeUnit.MILLISECONDS.toNanos(2000)) {
      pair.client().getOutputStream().write('x');
      assertThat(pair.upstream().getInputStream().read()).isEqualTo('x');
      TimeUnit.MILLISECONDS.sleep(50);
    }
    assertThat(pair.isOver()).isFalse();
  }

  @Test
  void aHalfClosedTransferHasALimitOfItsOwn() throws Exception {
    RelayBench.Pair pair =
        bench(1, new TransferLimits(Duration.ofMinutes(1), Duration.ofMillis(200), false)).open();
    pair.client().shutdownOutput();
    assertThat(readAll(pair.client())).isEmpty();
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.HALF_CLOSED);
  }

  @Test
  void aReaderThatNeverReadsAgainIsClosedAsIdle() throws Exception {
    RelayBench.Pair pair =
        bench(1, new TransferLimits(Duration.ofMillis(500), Duration.ofMinutes(1), false)).open();
    threads.submit(
        () -> {
          pair.upstream().getOutputStream().write(new byte[64 * 1024 * 1024]);
          return null;
        });
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.IDLE);
  }

  @Test
  void stoppingClosesBothSides() throws Exception {
    RelayBench.Pair pair = bench().open();
    pair.stop();
    assertThat(readAll(pair.client())).isEmpty();
    assertThat(readAll(pair.upstream())).isEmpty();
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.STOPPED);
  }

  @Test
  void stoppingWhilePausedClosesBothSides() throws Exception {
    RelayBench.Pair pair = bench().open();
    AtomicReference<Integer> sofar = new AtomicReference<>(0);
    threads.submit(
        () -> {
          for (int i = 1; i <= 1024; i++) {
            pair.upstream().getOutputStream().write(new byte[64 * 1024]);
            sofar.set(i);
          }
          return null;
        });
    await()
        .pollInterval(Duration.ofMillis(300))
        .atMost(20, TimeUnit.SECONDS)
        .until(new Standstill(sofar::get));
    pair.stop();
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.STOPPED);
  }

  @Test
  void aSilentUpstreamGivesTheClientBack() throws Exception {
    TransferLimits reclaim = new TransferLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), true);
    for (boolean withReset : new boolean[] {false, true}) {
      RelayBench.Pair pair = bench(1, reclaim).open();
      pair.client().getOutputStream().write(bytes("hello?"));
      assertThat(read(pair.upstream(), 6)).isEqualTo("hello?");
      if (withReset) {
        reset(pair.upstream());
      } else {
        pair.upstream().close();
      }
      assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.SILENT);
      pair.sayToClientAndClose("nobody there");
      assertThat(readAll(pair.client())).isEqualTo("nobody there");
      everythingIsClosed();
      bench = null;
    }
  }

  @Test
  void anUpstreamThatSpokeIsNotSilent() throws Exception {
    RelayBench.Pair pair =
        bench(1, new TransferLimits(Duration.ofMinutes(1), Duration.ofMinutes(1), true)).open();
    pair.upstream().getOutputStream().write('x');
    pair.upstream().close();
    assertThat(readAll(pair.client())).isEqualTo("x");
    pair.client().close();
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
  }

  @Test
  void aRefusedDialFails() throws Exception {
    bench();
    int closedPort = RelayBench.closedPort();
    assertThatThrownBy(
            () ->
                bench.dial(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), closedPort),
                    Duration.ofSeconds(5)))
        .hasRootCauseInstanceOf(SocketException.class);
  }

  @Test
  void aDialThatGetsNoAnswerTimesOut() throws Exception {
    bench();
    try (FullBacklog full = new FullBacklog()) {
      assertThatThrownBy(() -> bench.dial(full.address(), Duration.ofMillis(200)))
          .hasStackTraceContaining("timed out");
    }
  }

  @Test
  void aDialWithoutADescriptorFailsOnceAndLater() throws Exception {
    bench(1, PATIENT, bounds(1 << 20, 4));
    List<Stream> open = new ArrayList<>();
    InetSocketAddress target = bench.backend();
    for (int i = 0; i < 4; i++) {
      open.add(bench.dial(target, Duration.ofSeconds(5)));
    }
    assertThatThrownBy(() -> bench.dial(target, Duration.ofSeconds(5)))
        .hasRootCauseMessage(ChannelRelay.NO_DESCRIPTOR);
    bench.onLoop(() -> open.remove(0).abort());
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> bench.relay().bounds().descriptors().hasRoom());
    open.add(bench.dial(target, Duration.ofSeconds(5)));
    assertThat(open.get(3).isOpen()).isTrue();
    bench.onLoop(() -> open.forEach(Stream::abort));
  }

  /** To the broadcast address no TCP connect can even begin. */
  @Test
  void aDialThatCannotBeginFailsOnceAndLater() throws Exception {
    bench();
    InetSocketAddress everybody = new InetSocketAddress("255.255.255.255", 1);
    assertThatThrownBy(() -> bench.dial(everybody, Duration.ofSeconds(5)))
        .hasRootCauseInstanceOf(IOException.class);
    await()
        .atMost(10, TimeUnit.SECONDS)
        .until(() -> bench.relay().bounds().descriptors().open() == 0);
  }

  /** The kernel gives the descriptor of a closed socket to the next one. */
  @Test
  void aClosedStreamWritesToNobody() throws Exception {
    bench();
    Stream old = bench.dial(bench.backend(), Duration.ofSeconds(5));
    bench.acceptUpstream();
    CompletableFuture<Void> closed = new CompletableFuture<>();
    bench.onLoop(
        () -> {
          old.abort();
          closed.complete(null);
        });
    closed.get(10, TimeUnit.SECONDS);
    await().atMost(10, TimeUnit.SECONDS).until(() -> bench.relay().openStreams() == 0);
    Stream next = bench.dial(bench.backend(), Duration.ofSeconds(5));
    Socket other = bench.acceptUpstream();
    bench.onLoop(
        () -> {
          old.write(bytes("not for you"), 0, 11);
          old.finish();
          old.close();
          next.write(bytes("for you"), 0, 7);
          next.close();
        });
    assertThat(readAll(other)).isEqualTo("for you");
  }

  @Test
  void aCancelledDialIsNeverAnswered() throws Exception {
    bench();
    try (FullBacklog full = new FullBacklog()) {
      CompletableFuture<String> answer = new CompletableFuture<>();
      bench.onLoop(
          () ->
              bench
                  .relay()
                  .dial(
                      bench.relay().loops().get(0),
                      full.address(),
                      Duration.ofMillis(300),
                      new Relay.DialListener() {
                        @Override
                        public void connected(Stream stream) {
                          answer.complete("connected");
                        }

                        @Override
                        public void failed(Throwable cause) {
                          answer.complete("failed");
                        }
                      })
                  .cancel());
      await()
          .atMost(10, TimeUnit.SECONDS)
          .until(() -> bench.relay().bounds().descriptors().open() == 0);
      assertThatThrownBy(() -> answer.get(700, TimeUnit.MILLISECONDS))
          .isInstanceOf(java.util.concurrent.TimeoutException.class);
    }
  }

  @Test
  void aSeveredStreamLooksAsIfItsOtherEndHadReset() throws Exception {
    bench();
    List<Stream> clients = new ArrayList<>();
    bench.beforeJoin((client, upstream) -> clients.add(client));
    RelayBench.Pair pair = bench.open();
    clients.get(0).sever();
    assertReset(pair.upstream());
    assertReset(pair.client());
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.CLIENT_BROKE);
  }

  @Test
  void aStreamThatBreaksWhileItIsMovedIsNoticed() throws Exception {
    for (int i = 0; i < 20; i++) {
      bench(2, PATIENT);
      bench.moveUpstreams();
      CompletableFuture<Void> hold = new CompletableFuture<>();
      bench.holdJoin(hold);
      Socket client = bench.connect();
      reset(bench.acceptUpstream());
      hold.complete(null);
      assertReset(client);
      bench.closeSockets();
      await().atMost(10, TimeUnit.SECONDS).until(() -> bench.relay().openStreams() == 0);
      bench.close();
    }
    bench = null;
  }

  @Test
  void slowReadersHoldNoMoreThanTheBudget() throws Exception {
    long most = 1024 * 1024;
    bench(2, PATIENT, bounds(most, 10_000));
    List<RelayBench.Pair> pairs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      RelayBench.Pair pair = bench.open();
      pairs.add(pair);
      threads.submit(
          () -> {
            byte[] much = new byte[64 * 1024];
            while (!pair.isOver()) {
              pair.upstream().getOutputStream().write(much);
            }
            return null;
          });
    }
    long[] last = {-1};
    await()
        .atMost(40, TimeUnit.SECONDS)
        .pollInterval(Duration.ofMillis(300))
        .until(
            () -> {
              long held = bench.relay().bounds().bytes().used();
              assertThat(held).isLessThanOrEqualTo(most + ByteBudget.LARGEST_READ);
              long now = pairs.stream().mapToLong(RelayBench.Pair::progressToClient).sum();
              boolean still = now == last[0];
              last[0] = now;
              return still;
            });
    RelayBench.Pair other = bench.open();
    other.upstream().getOutputStream().write(bytes("served"));
    assertThat(read(other.client(), 6)).isEqualTo("served");
    for (RelayBench.Pair pair : pairs) {
      pair.client().close();
      pair.upstream().close();
    }
    other.client().close();
    await().atMost(20, TimeUnit.SECONDS).until(() -> bench.relay().bounds().bytes().used() == 0);
  }

  @Test
  void aResetWhileNobodyReadsIsNoticedWhenSomebodyDoes() throws Exception {
    bench();
    CompletableFuture<Void> hold = new CompletableFuture<>();
    bench.holdJoin(hold);
    Socket client = bench.connect();
    Socket upstream = bench.acceptUpstream();
    client.getOutputStream().write(bytes("last words"));
    reset(client);
    hold.complete(null);
    assertReset(upstream);
  }

  @Test
  void lastWordsToWhoHasResetAreNoFault() throws Exception {
    bench();
    CompletableFuture<Void> hold = new CompletableFuture<>();
    CompletableFuture<Throwable> thrown = new CompletableFuture<>();
    bench.holdJoin(hold);
    bench.beforeJoin(
        (client, upstream) -> {
          try {
            client.write(bytes("too late"), 0, 8);
            client.finish();
            client.write(bytes("later still"), 0, 11);
            thrown.complete(null);
          } catch (RuntimeException e) {
            thrown.complete(e);
          }
        });
    Socket client = bench.connect();
    Socket upstream = bench.acceptUpstream();
    reset(client);
    hold.complete(null);
    assertThat(thrown.get(10, TimeUnit.SECONDS)).isNull();
    assertReset(upstream);
  }

  @Test
  void halfCloseInEveryOrderLosesNothing() throws Exception {
    bench();
    Random random = new Random(7);
    for (int round = 0; round < 40; round++) {
      RelayBench.Pair pair = bench.open();
      byte[] up = new byte[random.nextInt(200_000)];
      byte[] down = new byte[random.nextInt(200_000)];
      random.nextBytes(up);
      random.nextBytes(down);
      boolean clientFirst = random.nextBoolean();
      Future<?> upload = threads.submit(() -> sendAndFinish(pair.client(), up));
      if (clientFirst) {
        upload.get(10, TimeUnit.SECONDS);
      }
      Future<?> download = threads.submit(() -> sendAndFinish(pair.upstream(), down));
      Future<byte[]> atUpstream =
          threads.submit(() -> pair.upstream().getInputStream().readAllBytes());
      assertThat(pair.client().getInputStream().readAllBytes()).isEqualTo(down);
      assertThat(atUpstream.get(10, TimeUnit.SECONDS)).isEqualTo(up);
      upload.get(10, TimeUnit.SECONDS);
      download.get(10, TimeUnit.SECONDS);
      assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
    }
  }

  private static Void sendAndFinish(Socket socket, byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    socket.shutdownOutput();
    return null;
  }

  /**
   * Sixty-four mebibytes and an odd tail in both directions at once, bursts and pauses included.
   */
  @Test
  void muchInBothDirectionsArrivesWhole() throws Exception {
    RelayBench.Pair pair = bench().open();
    Future<byte[]> sentUp = threads.submit(() -> sendMuch(pair.client(), 11));
    Future<byte[]> sentDown = threads.submit(() -> sendMuch(pair.upstream(), 12));
    Future<byte[]> gotUp = threads.submit(() -> digest(pair.upstream()));
    Future<byte[]> gotDown = threads.submit(() -> digest(pair.client()));
    assertThat(gotUp.get(50, TimeUnit.SECONDS)).isEqualTo(sentUp.get());
    assertThat(gotDown.get(50, TimeUnit.SECONDS)).isEqualTo(sentDown.get());
    assertThat(pair.outcome()).isEqualTo(Transfer.Outcome.ENDED);
  }

  private static byte[] sendMuch(Socket socket, long seed) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    Random random = new Random(seed);
    byte[] block = new byte[256 * 1024];
    long left = 64L * 1024 * 1024 + 12_345;
    while (left > 0) {
      int size = (int) Math.min(left, 1 + random.nextInt(block.length));
      random.nextBytes(block);
      digest.update(block, 0, size);
      socket.getOutputStream().write(block, 0, size);
      left -= size;
    }
    socket.shutdownOutput();
    return digest.digest();
  }

  private static byte[] digest(Socket socket) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] block = new byte[100_000];
    InputStream in = socket.getInputStream();
    for (int count = in.read(block); count >= 0; count = in.read(block)) {
      digest.update(block, 0, count);
    }
    return digest.digest();
  }

  @Test
  void ipv6IsDialledAndAccepted() throws Exception {
    InetSocketAddress loopback = new InetSocketAddress(InetAddress.getByName("::1"), 0);
    bench();
    CompletableFuture<Stream> accepted = new CompletableFuture<>();
    Relay.Binding binding;
    try {
      binding = bench.relay().listen(loopback, accepted::complete);
    } catch (IOException noIpv6) {
      return;
    }
    Stream stream = bench.dial(binding.address(), Duration.ofSeconds(5));
    assertThat(accepted.get(5, TimeUnit.SECONDS).remoteAddress()).isEqualTo(stream.localAddress());
    assertThat(stream.remoteAddress()).isEqualTo(binding.address());
    assertThat(stream.localAddress().getAddress()).isEqualTo(loopback.getAddress());
    bench.onLoop(stream::abort);
    bench.onLoop(accepted.get()::abort);
    binding.close();
  }

  @Test
  void aTakenAddressIsNamed() throws Exception {
    bench();
    assertThatThrownBy(() -> bench.relay().listen(bench.listening(), stream -> stream.close()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(String.valueOf(bench.listening().getPort()));
  }

  @Test
  void aClosedListenerRefusesAndLeavesTransfersAlone() throws Exception {
    RelayBench.Pair pair = bench().open();
    bench.stopListening();
    assertThatThrownBy(() -> bench.connect()).isInstanceOf(IOException.class);
    pair.client().getOutputStream().write(bytes("still here"));
    assertThat(read(pair.upstream(), 10)).isEqualTo("still here");
  }

  // helpers

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static String read(Socket socket, int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
  }

  private static String readAll(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static Void sendAndEnd(Socket socket, byte[] bytes) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(bytes);
    socket.shutdownOutput();
    return null;
  }

  private static Void expectAll(Socket socket, byte[] bytes) throws IOException {
    assertThat(socket.getInputStream().readAllBytes()).isEqualTo(bytes);
    return null;
  }

  private static byte[] digest(InputStream in) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] chunk = new byte[64 * 1024];
    int count;
    while ((count = in.read(chunk)) >= 0) {
      digest.update(chunk, 0, count);
    }
    return digest.digest();
  }

  private static void reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  private static void assertReset(Socket socket) {
    assertThatThrownBy(() -> socket.getInputStream().readAllBytes())
        .isInstanceOf(SocketException.class)
        .isNotInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("reset");
  }
}
