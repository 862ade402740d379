package io.opsproxy.dataplane.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;

/** Feeds bytes to a {@link Sniffer} in all the ways a network may cut them. */
final class Cuts {
  /** Where the client's bytes begin in the buffers made here: never at 0, as after a header. */
  private static final int FROM = 5;

  private Cuts() {}

  /** All in one read. */
  static Sniff whole(byte[] bytes) {
    return atCuts(bytes);
  }

  /**
   * In reads that end at these offsets and at the end. Each read sees a buffer of its own that
   * holds no more than was received.
   */
  static Sniff atCuts(byte[] bytes, int... cuts) {
    Sniffer sniffer = new Sniffer();
    for (int cut : cuts) {
      sniffer.sniff(received(bytes, cut), FROM, FROM + cut);
    }
    return sniffer.sniff(received(bytes, bytes.length), FROM, FROM + bytes.length);
  }

  /** One byte a read. */
  static Sniff byteByByte(byte[] bytes) {
    Sniffer sniffer = new Sniffer();
    byte[] buffer = new byte[FROM + bytes.length];
    Sniff sniff = sniffer.sniff(buffer, FROM, FROM);
    for (int i = 0; i < bytes.length; i++) {
      buffer[FROM + i] = bytes[i];
      sniff = sniffer.sniff(buffer, FROM, FROM + i + 1);
    }
    return sniff;
  }

  /** Asserts that every way to cut the bytes in two, and into single bytes, says the same. */
  static void assertSameHoweverCut(byte[] bytes) {
    Sniff expected = whole(bytes);
    for (int cut = 0; cut <= bytes.length; cut++) {
      assertThat(atCuts(bytes, cut)).as("cut at %d", cut).isEqualTo(expected);
    }
    assertThat(byteByByte(bytes)).as("one byte a read").isEqualTo(expected);
  }

  /** Asserts that these bytes are undecided up to the last, and that more bytes change nothing. */
  static void assertDecidedByLastByte(byte[] bytes, Sniff expected) {
    for (int length = 0; length < bytes.length; length++) {
      assertThat(whole(Arrays.copyOf(bytes, length)))
          .as("first %d bytes", length)
          .isInstanceOf(Sniff.NeedMore.class);
    }
    assertThat(whole(bytes)).isEqualTo(expected);
    assertThat(whole(Bytes.concat(bytes, Bytes.text("\0\r\nmore")))).isEqualTo(expected);
    assertSameHoweverCut(bytes);
  }

  private static byte[] received(byte[] bytes, int length) {
    byte[] buffer = new byte[FROM + length];
    Arrays.fill(buffer, 0, FROM, (byte) 0x16);
    System.arraycopy(bytes, 0, buffer, FROM, length);
    return buffer;
  }
}
