package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import io.opsproxy.dataplane.sniff.ProxyHeader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class ProxyHeaderWriterTest {
  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";

  /** Type 5, 4 bytes: what {@link #client} is called. */
  private static final String ID = "05000434663361";

  private static InetSocketAddress destination(String host) {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), 443);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static ClientAddress client(String source, String destination)
      throws UnknownHostException {
    return new ClientAddress(
        new InetSocketAddress(InetAddress.getByName(source), 56324),
        () -> destination(destination),
        () -> new byte[0],
        () -> "4f3a");
  }

  private static String v1(ClientAddress client) {
    byte[] header = ProxyHeaderWriter.header(ProxyProtocol.V1, Optional.of(client));
    return new String(header, StandardCharsets.US_ASCII);
  }

  private static String v2(ClientAddress client) {
    return HexFormat.of()
        .formatHex(ProxyHeaderWriter.header(ProxyProtocol.V2, Optional.of(client)));
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.20, PROXY TCP4 192.0.2.1 192.0.2.20 56324 443",
    "255.255.255.255, 0.0.0.0, PROXY TCP4 255.255.255.255 0.0.0.0 56324 443",
    "2001:db8::1, ::1, PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:0:0:1 56324 443",
    "192.0.2.1, 2001:db8::2,"
        + " PROXY TCP6 0:0:0:0:0:ffff:c000:201 2001:db8:0:0:0:0:0:2 56324 443",
    "2001:db8::1, 10.0.0.1, PROXY TCP6 2001:db8:0:0:0:0:0:1 0:0:0:0:0:ffff:a00:1 56324 443"
  })
  void version1IsALine(String source, String destination, String line) throws Exception {
    assertThat(v1(client(source, destination))).isEqualTo(line + "\r\n");
  }

  @Test
  void version2OfIpv4() throws Exception {
    assertThat(v2(client("192.0.2.1", "192.0.2.20")))
        .isEqualTo(SIGNATURE + "21110013" + "c0000201" + "c0000214" + "dc04" + "01bb" + ID);
  }

  @Test
  void version2OfIpv6() throws Exception {
    assertThat(v2(client("2001:db8::1", "2001:db8::2")))
        .isEqualTo(
            SIGNATURE
                + "2121002b"
                + "20010db8000000000000000000000001"
                + "20010db8000000000000000000000002"
                + "dc0401bb"
                + ID);
  }

  @Test
  void version2OfTwoFamiliesIsIpv6() throws Exception {
    assertThat(v2(client("192.0.2.1", "2001:db8::2")))
        .isEqualTo(
            SIGNATURE
                + "2121002b"
                + "00000000000000000000ffffc0000201"
                + "20010db8000000000000000000000002"
                + "dc0401bb"
                + ID);
  }

  @Test
  void aClientThatIsNotKnownIsCalledSo() {
    assertThat(ProxyHeaderWriter.header(ProxyProtocol.V1, Optional.empty()))
        .asString(StandardCharsets.US_ASCII)
        .isEqualTo("PROXY UNKNOWN\r\n");
    assertThat(
            HexFormat.of().formatHex(ProxyHeaderWriter.header(ProxyProtocol.V2, Optional.empty())))
        .isEqualTo(SIGNATURE + "20000000");
  }

  /** What is written is what the other side of this program reads. */
  @ParameterizedTest
  @EnumSource(ProxyProtocol.class)
  void theParserReadsIt(ProxyProtocol version) throws Exception {
    for (ClientAddress client :
        new ClientAddress[] {
          client("192.0.2.1", "192.0.2.20"),
          client("2001:db8::1", "2001:db8::2"),
          client("192.0.2.1", "2001:db8::2")
        }) {
      byte[] bytes = ProxyHeaderWriter.header(version, Optional.of(client));
      assertThat(ProxyHeader.parse(bytes, bytes.length))
          .isInstanceOfSatisfying(
              ProxyHeader.Header.class,
              header -> {
                assertThat(header.length()).isEqualTo(bytes.length);
                assertThat(header.source()).contains(client.source());
                assertThat(header.destination()).contains(client.destination());
              });
    }
    byte[] unknown = ProxyHeaderWriter.header(version, Optional.empty());
    assertThat(ProxyHeader.parse(unknown, unknown.length))
        .isEqualTo(new ProxyHeader.Header(Optional.empty(), Optional.empty(), unknown.length));
  }
}
