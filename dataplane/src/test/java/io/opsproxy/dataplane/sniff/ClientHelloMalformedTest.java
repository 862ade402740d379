package io.opsproxy.dataplane.sniff;

import static io.opsproxy.dataplane.sniff.Bytes.concat;
import static io.opsproxy.dataplane.sniff.Bytes.hex;
import static io.opsproxy.dataplane.sniff.Bytes.number;
import static io.opsproxy.dataplane.sniff.Bytes.text;
import static io.opsproxy.dataplane.sniff.Bytes.vector;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.opsproxy.dataplane.config.value.HostName;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ClientHelloMalformedTest {
  private static final String LENGTHS = "lengths inside the ClientHello do not agree";

  static Sniff malformed(String why) {
    return new Sniff.Malformed(Sniff.Protocol.TLS, why);
  }

  @ParameterizedTest
  @CsvSource({
    "16 0301 0000, TLS handshake record is empty",
    "16 0301 4001, TLS record is longer than 16384 bytes",
    "16 0301 ffff, TLS record is longer than 16384 bytes",
    "16 0301 0010 02, first TLS handshake message is not a ClientHello",
    "16 0301 0010 00, first TLS handshake message is not a ClientHello",
    "16 0301 0010 01 01, ClientHello is longer than 64 KiB",
    "16 0301 0010 01 00fff8, ClientHello is longer than 64 KiB",
    "16 0301 0001 01 17, another TLS record type inside the ClientHello",
    "16 0301 0001 01 15, another TLS record type inside the ClientHello",
    "16 0301 0001 01 16 0301 0000, TLS handshake record is empty",
    "16 0301 0001 01 16 02, TLS record version is not 3.x",
  })
  void brokenRecordsAreToldAtTheByteThatBreaks(String bytes, String why) {
    Cuts.assertDecidedByLastByte(hex(bytes), malformed(why));
  }

  static Stream<Arguments> brokenHellos() {
    byte[] name = concat(number(1, 0), vector(2, text("a.b")));
    return Stream.of(
        arguments("server name is not a host name", new Hello().name("a b").message()),
        arguments("server name is not a host name", new Hello().name("a\0b").message()),
        arguments("server name is not a host name", new Hello().name("b\u00fccher.de").message()),
        arguments("server name is not a host name", new Hello().name("*.b.c").message()),
        arguments("server name is not a host name", new Hello().name("a..b").message()),
        arguments("server name is not a host name", new Hello().name("a".repeat(64)).message()),
        arguments("server name is not a host name", new Hello().name("a.".repeat(200)).message()),
        arguments("two server_name extensions", new Hello().name("a").name("a").message()),
        arguments(
            "server_name has more than one name",
            new Hello().extension(0, vector(2, name, name)).message()),
        arguments(
            "server_name is not of type host_name",
            new Hello().extension(0, vector(2, number(1, 1), vector(2, text("a")))).message()),
        arguments(LENGTHS, new Hello().extension(0, new byte[0]).message()),
        arguments(LENGTHS, new Hello().extension(0, new byte[2]).message()),
        arguments(LENGTHS, new Hello().extension(0, concat(vector(2, name), hex("00"))).message()),
        arguments("two ALPN extensions", new Hello().alpn("a").alpn("a").message()),
        arguments("ALPN has an empty protocol id", new Hello().alpn("h2", "").message()),
        arguments("ALPN names no protocol", new Hello().alpn().message()),
        arguments(
            "ALPN names more than 64 protocols",
            new Hello().alpn("x ".repeat(65).split(" ")).message()),
        arguments(LENGTHS, new Hello().extension(16, new byte[0]).message()),
        arguments(LENGTHS, new Hello().extension(16, hex("0003 026832 00")).message()),
        arguments(LENGTHS, Hello.message(hex("00"))),
        arguments(LENGTHS, Hello.message(hex("0001"))),
        arguments(LENGTHS, Hello.message(hex("0001 00"))),
        arguments(LENGTHS, Hello.message(hex("0003 000a00"))),
        arguments(LENGTHS, Hello.message(hex("0004 000a0001"))),
        arguments(LENGTHS, Hello.message(hex("0004 000a0000 00"))),
        arguments(LENGTHS, hex("01 000000")),
        arguments(LENGTHS, hex("01 000002 0303")),
        arguments(
            "ClientHello version is not 3.x",
            handshake("0203", new byte[0], hex("1301"), hex("00"))),
        arguments(
            "session id of the ClientHello is longer than 32 bytes",
            handshake("0303", new byte[33], hex("1301"), hex("00"))),
        arguments(
            "cipher suites of the ClientHello are not pairs of bytes",
            handshake("0303", new byte[0], hex("130113"), hex("00"))),
        arguments(
            "cipher suites of the ClientHello are not pairs of bytes",
            handshake("0303", new byte[0], new byte[0], hex("00"))),
        arguments(
            "ClientHello has no compression method",
            handshake("0303", new byte[0], hex("1301"), new byte[0])));
  }

  private static byte[] handshake(String version, byte[] session, byte[] suites, byte[] methods) {
    byte[] body =
        concat(
            hex(version), new byte[32], vector(1, session), vector(2, suites), vector(1, methods));
    return concat(number(1, 1), vector(3, body));
  }

  @ParameterizedTest
  @MethodSource("brokenHellos")
  void brokenHellosSayWhy(String why, byte[] message) {
    Cuts.assertDecidedByLastByte(Hello.inRecords(message), malformed(why));
    assertThat(Cuts.whole(Hello.inRecordsOf(message, 1))).isEqualTo(malformed(why));
  }

  @Test
  void recordsOfOneByteReachTheLimit() {
    byte[] message = new Hello().extension(21, new byte[20_000]).message();
    byte[] bytes = Hello.inRecordsOf(Arrays.copyOf(message, 11_000), 1);
    assertThat(bytes).hasSizeGreaterThan(Sniffer.MAX_BYTES);
    assertThat(Cuts.whole(bytes)).isEqualTo(malformed("ClientHello is longer than 64 KiB"));
    assertThat(Cuts.byteByByte(bytes)).isEqualTo(malformed("ClientHello is longer than 64 KiB"));
    assertThat(Cuts.whole(Arrays.copyOf(bytes, Sniffer.MAX_BYTES - 1)))
        .isInstanceOf(Sniff.NeedMore.class);
  }

  /** Every value of every byte but those of the name itself: refused, the same name, or none. */
  @Test
  void noSingleWrongByteGivesAnotherName() {
    byte[] hello =
        new Hello().extension(10, hex("0002001d")).name("web.example.com").alpn("h2").bytes();
    int nameStart = new String(hello, StandardCharsets.ISO_8859_1).indexOf("web.");
    for (int at = 0; at < hello.length; at++) {
      if (at >= nameStart && at < nameStart + "web.example.com".length()) {
        continue;
      }
      for (int flip = 1; flip < 256; flip++) {
        byte[] wrong = hello.clone();
        wrong[at] ^= (byte) flip;
        if (Cuts.whole(wrong) instanceof Sniff.Tls tls) {
          assertThat(tls.serverName())
              .as("byte %d ^ %d", at, flip)
              .isIn(Optional.empty(), Optional.of(new HostName("web.example.com")));
        }
      }
    }
  }

  /** A hello cut short with all outer lengths made to fit: no inner length may reach beyond. */
  @Test
  void everyTruncatedMessageIsRefused() {
    byte[] message = new Hello().name("web.example.com").alpn("h2").message();
    int extensions = message.length - 2 - 24 - 9;
    for (int length = 4; length < message.length; length++) {
      byte[] shorter = concat(number(1, 1), vector(3, Arrays.copyOfRange(message, 4, length)));
      Sniff sniff = Cuts.whole(Hello.inRecords(shorter));
      if (length == extensions) {
        assertThat(sniff).isInstanceOf(Sniff.Tls.class); // no extensions at all is legal
      } else {
        assertThat(sniff).as("length %d", length).isInstanceOf(Sniff.Malformed.class);
      }
    }
  }
}
