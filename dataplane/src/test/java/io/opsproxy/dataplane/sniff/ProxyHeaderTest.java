package io.opsproxy.dataplane.sniff;

import static io.opsproxy.dataplane.sniff.Bytes.concat;
import static io.opsproxy.dataplane.sniff.Bytes.hex;
import static io.opsproxy.dataplane.sniff.Bytes.number;
import static io.opsproxy.dataplane.sniff.Bytes.text;
import static io.opsproxy.dataplane.sniff.Bytes.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.sniff.ProxyHeader.Header;
import io.opsproxy.dataplane.sniff.ProxyHeader.Malformed;
import io.opsproxy.dataplane.sniff.ProxyHeader.NeedMore;
import io.opsproxy.dataplane.sniff.ProxyHeader.None;
import io.opsproxy.dataplane.sniff.ProxyHeader.Result;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProxyHeaderTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String INET = "0a000001 0a000002 1f90 01bb";

  private static Result parse(byte[] bytes) {
    return ProxyHeader.parse(bytes, bytes.length);
  }

  /** Undecided up to the last byte, whatever follows changes nothing. */
  private static void assertDecidedByLastByte(byte[] bytes, Result expected) {
    for (int length = 0; length < bytes.length; length++) {
      assertThat(parse(Arrays.copyOf(bytes, length)))
          .as("first %d bytes", length)
          .isInstanceOf(NeedMore.class);
    }
    assertThat(parse(bytes)).isEqualTo(expected);
    byte[] more = concat(bytes, text("GET /\r\n\0"));
    assertThat(parse(more)).isEqualTo(expected);
    assertThat(ProxyHeader.parse(more, bytes.length)).isEqualTo(expected);
  }

  private static Header header(String source, int port, String destination, int port2, int length) {
    return new Header(
        Optional.of(new InetSocketAddress(source, port)),
        Optional.of(new InetSocketAddress(destination, port2)),
        length);
  }

  private static Header socketAddress(int length) {
    return new Header(Optional.empty(), Optional.empty(), length);
  }

  private static byte[] v2(int command, int family, byte[] payload) {
    return concat(hex(SIGNATURE), number(1, command), number(1, family), vector(2, payload));
  }

  @ParameterizedTest
  @CsvSource({
    "PROXY TCP4 192.0.2.1 10.0.0.2 56324 443, 192.0.2.1, 56324, 10.0.0.2, 443",
    "PROXY TCP4 255.255.255.255 0.0.0.0 65535 0, 255.255.255.255, 65535, 0.0.0.0, 0",
    "PROXY TCP6 2001:db8::1 ::1 1 2, 2001:db8::1, 1, ::1, 2",
    "PROXY TCP6 ::ffff:192.0.2.1 ::ffff:c000:202 1 2, 192.0.2.1, 1, 192.0.2.2, 2",
  })
  void version1(String line, String source, int port, String destination, int port2) {
    byte[] bytes = text(line + "\r\n");
    assertDecidedByLastByte(bytes, header(source, port, destination, port2, bytes.length));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"PROXY UNKNOWN", "PROXY UNKNOWN ", "PROXY UNKNOWN a b c", "PROXY UNKNOWN \u00ff"})
  void version1Unknown(String line) {
    byte[] bytes = text(line + "\r\n");
    assertDecidedByLastByte(bytes, socketAddress(bytes.length));
  }

  @Test
  void longestVersion1LineHas107Bytes() {
    byte[] longest = text("PROXY UNKNOWN " + "f".repeat(91) + "\r\n");
    assertThat(longest).hasSize(107);
    assertDecidedByLastByte(longest, socketAddress(107));
    Malformed malformed = new Malformed("PROXY line is longer than 107 bytes");
    assertDecidedByLastByte(text("PROXY UNKNOWN " + "f".repeat(92) + "\r"), malformed);
    assertDecidedByLastByte(text("PROXY UNKNOWN " + "f".repeat(93)), malformed);
  }

  @ParameterizedTest
  @CsvSource({
    "'PROXY \n', PROXY line has a control character",
    "'PROXY TCP4\t', PROXY line has a control character",
    "'PROXY TCP4\0', PROXY line has a control character",
    "'PROXY TCP4 1.2.3.4 1.2.3.4 1 2\n', PROXY line has a control character",
    "'PROXY UNKNOWN\rx', PROXY line has a bare CR",
    "'PROXY \r\n', 'PROXY line is not TCP4, TCP6 or UNKNOWN'",
    "'PROXY tcp4 1.2.3.4 1.2.3.4 1 2\r\n', 'PROXY line is not TCP4, TCP6 or UNKNOWN'",
    "'PROXY UDP4 1.2.3.4 1.2.3.4 1 2\r\n', 'PROXY line is not TCP4, TCP6 or UNKNOWN'",
    "'PROXY UNKNOWNX\r\n', 'PROXY line is not TCP4, TCP6 or UNKNOWN'",
    "'PROXY TCP4\r\n', PROXY line does not have two addresses and two ports",
    "'PROXY TCP4 1.2.3.4 1.2.3.4 1\r\n', PROXY line does not have two addresses and two ports",
    "'PROXY TCP4 1.2.3.4 1.2.3.4 1 2 \r\n', PROXY line does not have two addresses and two ports",
    "'PROXY TCP4  1.2.3.4 1.2.3.4 1 2\r\n', PROXY line does not have two addresses and two ports",
  })
  void malformedVersion1(String line, String why) {
    assertDecidedByLastByte(text(line), new Malformed(why));
  }

  @ParameterizedTest
  @CsvSource({
    "TCP4, 01.2.3.4, 1.2.3.4",
    "TCP4, 1.2.3, 1.2.3.4",
    "TCP4, 1.2.3.256, 1.2.3.4",
    "TCP4, localhost, 1.2.3.4",
    "TCP4, 1.2.3.4, ::1",
    "TCP4, 1.2.3.4, ''",
    "TCP6, 1.2.3.4, ::1",
    "TCP6, ::1, 1::2::3",
    "TCP6, ::1, [::1]",
    "TCP6, fe80::1%1, ::1",
  })
  void version1AddressesAreLiteralsOfTheirFamily(String family, String source, String destination) {
    assertDecidedByLastByte(
        text("PROXY " + family + " " + source + " " + destination + " 1 2\r\n"),
        new Malformed("PROXY line has an address that is not of its family"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"65536 1", "1 65536", "01 1", "-1 1", "+1 1", "1 x", "1 ", "1 999999999999"})
  void version1PortsAreDecimal(String ports) {
    assertDecidedByLastByte(
        text("PROXY TCP4 1.2.3.4 5.6.7.8 " + ports + "\r\n"),
        new Malformed("PROXY line has a port that is not 0-65535"));
  }

  @Test
  void version2() {
    assertDecidedByLastByte(
        v2(0x21, 0x11, hex(INET)), header("10.0.0.1", 8080, "10.0.0.2", 443, 28));
    byte[] inet6 =
        hex("20010db8000000000000000000000001 00000000000000000000ffff0a000002 0001 ffff");
    assertDecidedByLastByte(v2(0x21, 0x21, inet6), header("2001:db8::1", 1, "10.0.0.2", 65535, 52));
  }

  @Test
  void version2StepsOverItsTlvs() {
    byte[] odd = hex("030004a9b8 7e ee ffff");
    assertDecidedByLastByte(
        v2(0x21, 0x11, concat(hex(INET), odd)),
        header("10.0.0.1", 8080, "10.0.0.2", 443, 28 + odd.length));
    assertDecidedByLastByte(
        v2(0x21, 0x11, concat(hex(INET), new byte[500])),
        header("10.0.0.1", 8080, "10.0.0.2", 443, ProxyHeader.MAX_BYTES));
  }

  @ParameterizedTest
  @CsvSource({
    "20, 00, 0",
    "20, 11, 0",
    "20, 11, 12",
    "20, ff, 3",
    "20, 21, 512",
    "21, 00, 0",
    "21, 00, 40",
    "21, 31, 216",
    "21, 32, 216",
    "21, 12, 12",
    "21, 22, 36",
    "21, 10, 12",
    "21, 02, 0",
  })
  void version2ThatKeepsTheSocketAddress(String command, String family, int length) {
    assertDecidedByLastByte(
        v2(Integer.parseInt(command, 16), Integer.parseInt(family, 16), new byte[length]),
        socketAddress(16 + length));
  }

  @ParameterizedTest
  @CsvSource({
    "11, PROXY header version is not 2",
    "31, PROXY header version is not 2",
    "00, PROXY header version is not 2",
    "22, PROXY header command is not LOCAL or PROXY",
    "2f, PROXY header command is not LOCAL or PROXY",
    "20 00 0201, PROXY header is longer than 528 bytes",
    "21 11 ffff, PROXY header is longer than 528 bytes",
    "21 11 000b, PROXY header is too short for its addresses",
    "21 12 0000, PROXY header is too short for its addresses",
    "21 21 0023, PROXY header is too short for its addresses",
    "21 31 00d7, PROXY header is too short for its addresses",
    "21 41 0200, PROXY header has an unknown family or transport",
    "21 f1 0200, PROXY header has an unknown family or transport",
    "21 13 0200, PROXY header has an unknown family or transport",
    "21 1f 0200, PROXY header has an unknown family or transport",
  })
  void malformedVersion2(String rest, String why) {
    assertDecidedByLastByte(hex(SIGNATURE + rest), new Malformed(why));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "POST",
        "PRI",
        "PROPFIND",
        "PROXYX",
        "PROXY/",
        "proxy",
        "\0",
        "\r\r",
        "\r\n\r\n\1",
        "\r\n\r\n\0\r\nQUIX",
        "\u0016",
      })
  void otherBytesAreNoHeader(String start) {
    byte[] bytes = text(start);
    assertThat(parse(bytes)).isEqualTo(new None());
    assertThat(parse(concat(bytes, new byte[600]))).isEqualTo(new None());
  }
}
