package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StatusLineTest {
  private static int parse(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return StatusLine.parse(bytes, bytes.length);
  }

  /** Split at every byte: undecided until the status is whole. */
  @ParameterizedTest
  @ValueSource(strings = {"HTTP/1.1 503 Service\r\n", "HTTP/1.0 503\r\n", "HTTP/1.1 503\n"})
  void readsTheStatus(String line) {
    for (int length = 0; length <= line.length(); length++) {
      assertThat(parse(line.substring(0, length)))
          .isEqualTo(length > 12 ? 503 : StatusLine.NEED_MORE);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0015\u0003\u0001",
        "SSH-2.0",
        "HTTP/2",
        "HTTP/1.1503",
        "HTTP/1.1 5x3",
        "HTTP/1.1 5033",
        "HTTP/1.1 099 ",
        "http/1.1 200 "
      })
  void knowsWhatIsNoAnswer(String text) {
    assertThat(parse(text)).isEqualTo(StatusLine.NOT_HTTP);
  }
}
