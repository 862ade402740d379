package io.opsproxy.dataplane.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The worst that a client can do with 64 KiB in reads of one byte. */
class LinearWorkTest {
  /** The first word and a header's name are the only things looked back at; no byte else. */
  private static final int LOOK_BACK = Sniffer.MAX_METHOD + 1;

  static Stream<byte[]> longHeads() {
    byte[] big = new Hello().name("a").extension(21, new byte[10_000]).message();
    Hello many = new Hello();
    for (int i = 0; i < 15_000; i++) {
      many.extension(0x0a0a, new byte[0]);
    }
    String headers = "a:\r\n".repeat(4_000);
    return Stream.of(
        Hello.inRecordsOf(big, 1),
        Hello.inRecordsOf(big, 100),
        many.name("a").bytes(),
        Bytes.text("GET / HTTP/1.1\r\nHost: a\r\n" + headers + "\r\n"),
        Bytes.text("GET /" + "a".repeat(16_000) + " HTTP/1.1\r\nHost: a\r\n\r\n"),
        Bytes.text("GET / HTTP/1.1\r\nHost: a\r\n" + "a".repeat(16_000) + ": b\r\n\r\n"));
  }

  /**
   * Before the last byte comes, all bytes but the newest few are zeros, which no head has where a
   * parser would look: one that begins again, or goes back, answers something else.
   */
  @ParameterizedTest
  @MethodSource("longHeads")
  void noByteIsLookedAtAgainBeforeTheDecision(byte[] bytes) {
    Sniff expected = Cuts.whole(bytes);
    assertThat(expected).isInstanceOfAny(Sniff.Tls.class, Sniff.Http.class);
    Sniffer sniffer = new Sniffer();
    byte[] window = new byte[bytes.length];
    for (int i = 0; i < bytes.length - 1; i++) {
      window[i] = bytes[i];
      if (i >= LOOK_BACK) {
        window[i - LOOK_BACK] = 0;
      }
      assertThat(sniffer.sniff(window, 0, i + 1)).isSameAs(Sniff.NeedMore.INSTANCE);
    }
    assertThat(sniffer.sniff(bytes, 0, bytes.length)).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("longHeads")
  void nothingIsAllocatedForMoreReads(byte[] bytes) {
    byte[] undecided = Arrays.copyOf(bytes, bytes.length - 1);
    allocated(undecided, 1); // loads classes
    // compiled code may need a few objects less than interpreted code; one a read were thousands
    assertThat(allocated(undecided, undecided.length)).isLessThan(1024);
    assertThat(allocated(undecided, 1)).isLessThan(1024);
  }

  private static long allocated(byte[] bytes, int readSize) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    Sniffer sniffer = new Sniffer();
    for (int length = readSize; length <= bytes.length; length += readSize) {
      sniffer.sniff(bytes, 0, length);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }
}
