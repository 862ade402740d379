package io.opsproxy.dataplane.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What readers who take too much, or too long, cost the others: nothing. */
@Tag("pressure")
final class PageReadersTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String LARGE = "x".repeat(4 * 1024 * 1024);

  private final ConcurrentLinkedQueue<PageRefusal> refusals = new ConcurrentLinkedQueue<>();
  private final AtomicInteger rendered = new AtomicInteger();
  private final List<Socket> sockets = new ArrayList<>();
  private AdminServer server;

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    server.close();
  }

  private void start(PageLimits limits) throws IOException {
    server =
        new AdminServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            Map.of(
                "/healthz",
                query -> Page.text(200, "ok"),
                "/large",
                query -> {
                  rendered.incrementAndGet();
                  return Page.text(200, LARGE);
                }),
            refusals::add,
            limits);
  }

  private static PageLimits limits(int connections, long bytes) {
    return new PageLimits(connections, bytes, LONG, LONG, LONG, LONG);
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4096);
    socket.connect(server.address());
    socket.setSoTimeout(10_000);
    sockets.add(socket);
    return socket;
  }

  private Socket send(String request) throws IOException {
    Socket socket = connect();
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
  }

  private static String rest(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private String health() throws IOException {
    return rest(send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
  }

  private void awaitRefusals(PageRefusal why, int number) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> refusals.stream().filter(why::equals).count() >= number);
  }

  @Test
  void requestsSentAheadWaitForTheAnswerBefore() throws IOException {
    start(limits(64, Long.MAX_VALUE));
    for (int i = 0; i < 8; i++) {
      Socket reader = connect();
      Thread writer =
          new Thread(
              () -> {
                try {
                  reader
                      .getOutputStream()
                      .write(get("/large").repeat(4_000).getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  // it was cut off, or the test is over
                }
              });
      writer.setDaemon(true);
      writer.start();
    }
    await().atMost(Duration.ofSeconds(20)).until(() -> rendered.get() >= 8);
    for (int i = 0; i < 20; i++) {
      assertThat(health()).startsWith("HTTP/1.1 200");
    }
    assertThat(rendered).hasValue(8);
  }

  @Test
  void requestsSentAheadAreAllAnsweredInTheirOrder() throws IOException {
    start(limits(64, Long.MAX_VALUE));
    String ahead = get("/healthz").repeat(300) + get("/none").repeat(300);
    String answers = rest(send(ahead + "GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n"));
    assertThat(answers.split("HTTP/1.1 200", -1)).hasSize(302);
    assertThat(answers.split("HTTP/1.1 404", -1)).hasSize(301);
    assertThat(answers.indexOf("HTTP/1.1 404"))
        .isGreaterThan(answers.lastIndexOf("HTTP/1.1 200", answers.length() - 300));
  }

  @Test
  void aReaderThatDoesNotTakeItsAnswerIsCutOff() throws IOException {
    start(new PageLimits(64, Long.MAX_VALUE, LONG, LONG, SHORT, LONG));
    send(get("/large"));
    awaitRefusals(PageRefusal.SLOW_READER, 1);
    assertThat(health()).startsWith("HTTP/1.1 200");
  }

  @Test
  void aRequestThatDoesNotComeWholeIsToldSo() throws IOException {
    start(new PageLimits(64, Long.MAX_VALUE, LONG, SHORT, LONG, LONG));
    Socket reader = send("GET /healthz HTTP/1.1\r\nHost:");
    assertThat(rest(reader)).startsWith("HTTP/1.1 408").contains("did not come whole in time");
    assertThat(refusals).containsExactly(PageRefusal.REQUEST_TIMEOUT);
  }

  @Test
  void anIdleConnectionIsClosedWithoutAWord() throws IOException {
    start(new PageLimits(64, Long.MAX_VALUE, SHORT, LONG, LONG, LONG));
    assertThat(rest(connect())).isEmpty();
    assertThat(refusals).isEmpty();
  }

  @Test
  void theOneIdleLongestGivesWay() throws IOException {
    start(limits(3, Long.MAX_VALUE));
    Socket oldest = send(get("/healthz"));
    assertThat(oldest.getInputStream().read()).isEqualTo('H');
    Socket second = send(get("/healthz"));
    assertThat(second.getInputStream().read()).isEqualTo('H');
    Socket third = send(get("/healthz"));
    assertThat(third.getInputStream().read()).isEqualTo('H');
    assertThat(health()).startsWith("HTTP/1.1 200");
    assertThat(rest(oldest)).endsWith("ok\n");
    assertThat(refusals).contains(PageRefusal.SHED);
    second.getOutputStream().write(get("/healthz").getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void oneThatStandsStillGivesWay() throws IOException {
    start(new PageLimits(2, Long.MAX_VALUE, LONG, LONG, LONG, Duration.ZERO));
    send(get("/large"));
    send("GET /healthz");
    await().atMost(Duration.ofSeconds(20)).until(() -> rendered.get() == 1);
    assertThat(health()).startsWith("HTTP/1.1 200");
    assertThat(health()).startsWith("HTTP/1.1 200");
    assertThat(refusals).contains(PageRefusal.SHED);
  }

  @Test
  void withoutRoomANewOneIsToldSo() throws IOException {
    start(limits(2, Long.MAX_VALUE));
    send(get("/large"));
    send(get("/large"));
    await().atMost(Duration.ofSeconds(20)).until(() -> rendered.get() == 2);
    assertThat(rest(connect())).startsWith("HTTP/1.1 503").contains("too many connections");
    assertThat(refusals).containsExactly(PageRefusal.BUSY);
  }

  @Test
  void answersThatWaitAreBoundedInBytes() throws IOException {
    start(limits(64, LARGE.length() * 2L + 100));
    send(get("/large"));
    send(get("/large"));
    await().atMost(Duration.ofSeconds(20)).until(() -> rendered.get() == 2);
    Socket third = send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(rest(third)).startsWith("HTTP/1.1 503").contains("too many answers");
    assertThat(refusals).containsExactly(PageRefusal.BUSY);
  }

  @Test
  void aLoneAnswerMayBeLarger() throws IOException {
    start(limits(64, 10));
    InputStream answer =
        send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").getInputStream();
    assertThat(answer.readAllBytes()).hasSizeGreaterThan(LARGE.length());
  }

  @Test
  void anAnswerThatStandsStillGivesWayToAnother() throws IOException {
    start(new PageLimits(64, LARGE.length() * 2L + 100, LONG, LONG, LONG, Duration.ZERO));
    send(get("/large"));
    send(get("/large"));
    await().atMost(Duration.ofSeconds(20)).until(() -> rendered.get() == 2);
    Socket third = send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(third.getInputStream().readAllBytes()).hasSizeGreaterThan(LARGE.length());
    assertThat(refusals).containsExactly(PageRefusal.SHED);
  }

  @Test
  void aRequestThatIsTooLargeIsRefused() throws IOException {
    start(limits(64, Long.MAX_VALUE));
    assertThat(rest(send("GET /healthz?" + "x".repeat(9_000) + " HTTP/1.1\r\n\r\n")))
        .startsWith("HTTP/1.1 4");
    assertThat(rest(send("POST /healthz HTTP/1.1\r\nContent-Length: 100000\r\n\r\n")))
        .startsWith("HTTP/1.1 413");
    assertThat(health()).startsWith("HTTP/1.1 200");
  }
}
