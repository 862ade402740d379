package io.opsproxy.dataplane.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ClientHelloTest {
  static Sniff tls(String name, String... alpn) {
    return new Sniff.Tls(Optional.ofNullable(name).map(HostName::new), List.of(alpn));
  }

  @Test
  void namesAndProtocolsOfOneRecord() {
    Cuts.assertDecidedByLastByte(
        new Hello()
            .extension(10, new byte[4])
            .name("web.example.com")
            .alpn("h2", "http/1.1")
            .bytes(),
        tls("web.example.com", "h2", "http/1.1"));
  }

  @ParameterizedTest
  @CsvSource({
    "Web.EXAMPLE.com, web.example.com",
    "web.example.com., web.example.com",
    "redis, redis",
    "xn--bcher-kva.example, xn--bcher-kva.example",
    "a_b-c.x, a_b-c.x",
    "1.2.3, 1.2.3",
    "1.2.3.4.5, 1.2.3.4.5",
    "1.2.3.256, 1.2.3.256",
  })
  void serverNameIsNormalised(String sent, String name) {
    assertThat(Cuts.whole(new Hello().name(sent).bytes())).isEqualTo(tls(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "10.0.0.1", "10.0.0.1.", "::1", "[::1]", "fe80::1%eth0", "a:443"})
  void anAddressIsNoServerName(String sent) {
    assertThat(Cuts.whole(new Hello().name(sent).alpn("h2").bytes())).isEqualTo(tls(null, "h2"));
  }

  @Test
  void helloWithoutExtensionsHasNoName() {
    byte[] bytes = Hello.inRecords(Hello.message(new byte[0]));
    Cuts.assertDecidedByLastByte(bytes, tls(null));
    assertThat(Cuts.whole(new Hello().bytes())).isEqualTo(tls(null));
  }

  @Test
  void greaseProtocolIdsAreKept() {
    assertThat(Cuts.whole(new Hello().alpn("JJ", "h2").bytes())).isEqualTo(tls(null, "JJ", "h2"));
    assertThat(Cuts.whole(new Hello().alpn("\u00aa\u00aa").bytes()))
        .isEqualTo(tls(null, "\u00aa\u00aa"));
  }

  @Test
  void postQuantumHello() {
    byte[] bytes = new Hello().postQuantum().name("pq.example.com").alpn("h2").bytes();
    assertThat(bytes).hasSizeGreaterThan(1600);
    Cuts.assertDecidedByLastByte(bytes, tls("pq.example.com", "h2"));
  }

  @Test
  void hellosOfTheJdk() throws Exception {
    Cuts.assertDecidedByLastByte(Hello.ofJdk(null), tls(null));
    Cuts.assertDecidedByLastByte(Hello.ofJdk("jdk.example.com"), tls("jdk.example.com"));
    Cuts.assertDecidedByLastByte(
        Hello.ofJdk("jdk.example.com", "h2", "x/1"), tls("jdk.example.com", "h2", "x/1"));
  }

  @Test
  void bytesAfterTheHelloAreNotLookedAt() {
    byte[] hello = new Hello().name("a").message();
    byte[] early = Hello.record(23, 0x0303, new byte[100]);
    assertThat(Cuts.whole(Bytes.concat(Hello.inRecords(hello), early))).isEqualTo(tls("a"));
    assertThat(Cuts.whole(Hello.inRecords(Bytes.concat(hello, new byte[50])))).isEqualTo(tls("a"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0300, 0x0301, 0x0303, 0x0304, 0x03ff})
  void anyMinorRecordVersionIsTaken(int version) {
    byte[] bytes = Hello.record(22, version, new Hello().name("a").message());
    assertThat(Cuts.whole(bytes)).isEqualTo(tls("a"));
  }

  @Test
  void cutIntoTwoRecordsAnywhere() {
    byte[] message = new Hello().name("web.example.com").alpn("h2", "http/1.1").message();
    Sniff expected = tls("web.example.com", "h2", "http/1.1");
    for (int end = 1; end < message.length; end++) {
      byte[] bytes = Hello.inRecords(message, end);
      assertThat(Cuts.whole(bytes)).as("record ends at %d", end).isEqualTo(expected);
      for (int cut = 0; cut < bytes.length; cut++) {
        assertThat(Cuts.atCuts(bytes, cut))
            .as("record ends at %d, cut at %d", end, cut)
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void cutIntoThreeRecordsAnywhere() {
    byte[] message = new Hello().name("web.example.com").alpn("h2").message();
    Sniff expected = tls("web.example.com", "h2");
    for (int first = 1; first < message.length; first++) {
      for (int second = first + 1; second < message.length; second++) {
        byte[] bytes = Hello.inRecords(message, first, second);
        assertThat(Cuts.whole(bytes)).as("at %d, %d", first, second).isEqualTo(expected);
        assertThat(Cuts.byteByByte(bytes)).as("at %d, %d", first, second).isEqualTo(expected);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 100, 1000})
  void cutIntoManyRecords(int size) {
    byte[] message = new Hello().postQuantum().name("web.example.com").alpn("h2").message();
    Cuts.assertDecidedByLastByte(Hello.inRecordsOf(message, size), tls("web.example.com", "h2"));
  }

  @Test
  void cutAtEveryRecordBoundary() {
    byte[] bytes = Hello.inRecordsOf(new Hello().name("web.example.com").message(), 9);
    int[] boundaries = IntStream.range(1, bytes.length / 14 + 1).map(i -> i * 14).toArray();
    assertThat(Cuts.atCuts(bytes, boundaries)).isEqualTo(tls("web.example.com"));
    int[] insideHeaders =
        Arrays.stream(boundaries).map(b -> b + 3).filter(b -> b < bytes.length).toArray();
    assertThat(Cuts.atCuts(bytes, insideHeaders)).isEqualTo(tls("web.example.com"));
  }

  @Test
  void longestHelloIsTakenAndOneByteMoreIsNot() {
    // Records of 16384 and their headers; the padding fills what the rest leaves.
    int room = Sniffer.MAX_BYTES - 4 * 5;
    int bare = new Hello().name("a").extension(21, new byte[0]).message().length;
    byte[] message = new Hello().name("a").extension(21, new byte[room - bare]).message();
    byte[] bytes = Hello.inRecordsOf(message, 1 << 14);
    assertThat(bytes).hasSize(Sniffer.MAX_BYTES);
    assertThat(Cuts.whole(bytes)).isEqualTo(tls("a"));
    assertThat(Cuts.byteByByte(bytes)).isEqualTo(tls("a"));

    byte[] longer = new Hello().name("a").extension(21, new byte[room - bare + 1]).message();
    assertThat(Cuts.whole(Hello.inRecordsOf(longer, 1 << 14)))
        .isEqualTo(ClientHelloMalformedTest.malformed("ClientHello is longer than 64 KiB"));
  }
}
