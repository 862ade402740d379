package io.opsproxy.dataplane.mesh.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  private static final String TEXT =
      "REGISTER:web:127.0.0.1:8081\nOK:2\r\n\n\r\nSYNC:ü:h:1\n\r\rx\r\nrest";
  private static final List<String> LINES =
      List.of("REGISTER:web:127.0.0.1:8081", "OK:2", "", "", "SYNC:ü:h:1", "\r\rx");

  private final List<String> lines = new ArrayList<>();

  private boolean read(LineReader reader, byte[] bytes) {
    return read(reader, Unpooled.wrappedBuffer(bytes), lines);
  }

  static boolean read(LineReader reader, ByteBuf bytes, List<String> lines) {
    reader.append(bytes);
    while (reader.hasNext()) {
      lines.add(reader.next());
    }
    return !reader.isTooLong();
  }

  @Test
  void cutsTheSameLinesHoweverTheBytesArrive() {
    byte[] bytes = TEXT.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= bytes.length; cut++) {
      lines.clear();
      LineReader reader = new LineReader(100);
      assertThat(read(reader, Arrays.copyOf(bytes, cut))).isTrue();
      assertThat(read(reader, Arrays.copyOfRange(bytes, cut, bytes.length))).isTrue();
      assertThat(lines).as("cut at %d", cut).isEqualTo(LINES);
    }
    lines.clear();
    LineReader reader = new LineReader(100);
    for (byte b : bytes) {
      assertThat(read(reader, new byte[] {b})).isTrue();
    }
    assertThat(lines).isEqualTo(LINES);
  }

  @Test
  void takesALineOfTheLargestLengthAndNoLonger() {
    for (int step : new int[] {1, 7, 100}) {
      assertThat(accepts(10, step)).as("10 in steps of %d", step).isTrue();
      assertThat(accepts(11, step)).as("11 in steps of %d", step).isFalse();
    }
  }

  /** Of a line of so many bytes, with its end, in steps of so many, at a limit of 10. */
  private boolean accepts(int length, int step) {
    byte[] line = ("x".repeat(length) + "\n").getBytes(StandardCharsets.UTF_8);
    LineReader reader = new LineReader(10);
    for (int at = 0; at < line.length; at += step) {
      if (!read(reader, Arrays.copyOfRange(line, at, Math.min(line.length, at + step)))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void refusesBytesWithoutALineEnd() {
    LineReader reader = new LineReader(1000);
    assertThat(read(reader, new byte[1000])).isTrue();
    assertThat(read(reader, new byte[1])).isFalse();
    assertThat(lines).isEmpty();
  }
}
