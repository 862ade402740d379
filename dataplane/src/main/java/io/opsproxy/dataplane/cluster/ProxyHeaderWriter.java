package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.UpstreamPolicy.ProxyProtocol;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes the PROXY protocol header that tells an endpoint who its client is (HAProxy's {@code
 * proxy-protocol.txt}, sections 2.1 and 2.2). Version 2 has the connection's id as well. Both
 * addresses of a header are of one family: where they are not, the IPv4 one is written as an
 * IPv4-mapped IPv6 address.
 */
final class ProxyHeaderWriter {
  private static final byte[] V1_UNKNOWN = ascii("PROXY UNKNOWN\r\n");
  private static final byte[] V2_SIGNATURE = ascii("\r\n\r\n\0\r\nQUIT\n");
  private static final int V2_LOCAL = 0x20;
  private static final int V2_PROXY = 0x21;
  private static final int TCP4 = 0x11;
  private static final int TCP6 = 0x21;

  /** Section 2.2.5: what the sender calls the connection, at most 128 bytes. */
  private static final int UNIQUE_ID = 0x05;

  private ProxyHeaderWriter() {}

  /**
   * The header.
   *
   * @param client empty where no client is known: the peer's own checks, and connections that came
   *     from another peer, which does not say. The header then says that as well: UNKNOWN, or LOCAL
   */
  static byte[] header(ProxyProtocol version, Optional<ClientAddress> client) {
    return switch (version) {
      case V1 -> client.map(ProxyHeaderWriter::v1).orElseGet(V1_UNKNOWN::clone);
      case V2 -> client.map(ProxyHeaderWriter::v2).orElseGet(ProxyHeaderWriter::v2Local);
    };
  }

  private static byte[] v1(ClientAddress client) {
    byte[] source = address(client.source(), client);
    byte[] destination = address(client.destination(), client);
    return ascii(
        "PROXY "
            + (source.length == 4 ? "TCP4 " : "TCP6 ")
            + text(source)
            + ' '
            + text(destination)
            + ' '
            + client.source().getPort()
            + ' '
            + client.destination().getPort()
            + "\r\n");
  }

  private static byte[] v2(ClientAddress client) {
    byte[] source = address(client.source(), client);
    byte[] destination = address(client.destination(), client);
    ByteArrayOutputStream out = new ByteArrayOutputStream(72);
    out.writeBytes(V2_SIGNATURE);
    out.write(V2_PROXY);
    out.write(source.length == 4 ? TCP4 : TCP6);
    byte[] id = ascii(client.id());
    writeShort(out, 2 * source.length + 4 + 3 + id.length);
    out.writeBytes(source);
    out.writeBytes(destination);
    writeShort(out, client.source().getPort());
    writeShort(out, client.destination().getPort());
    out.write(UNIQUE_ID);
    writeShort(out, id.length);
    out.writeBytes(id);
    return out.toByteArray();
  }

  /** Command LOCAL, family UNSPEC, no addresses. */
  private static byte[] v2Local() {
    ByteArrayOutputStream out = new ByteArrayOutputStream(16);
    out.writeBytes(V2_SIGNATURE);
    out.write(V2_LOCAL);
    out.write(0);
    writeShort(out, 0);
    return out.toByteArray();
  }

  /** Its bytes, in the family that both addresses of this client can be written in. */
  private static byte[] address(InetSocketAddress address, ClientAddress client) {
    byte[] bytes = address.getAddress().getAddress();
    if (bytes.length == 16 || (isV4(client.source()) && isV4(client.destination()))) {
      return bytes;
    }
    byte[] mapped = new byte[16];
    mapped[10] = (byte) 0xff;
    mapped[11] = (byte) 0xff;
    System.arraycopy(bytes, 0, mapped, 12, 4);
    return mapped;
  }

  private static boolean isV4(InetSocketAddress address) {
    return address.getAddress() instanceof Inet4Address;
  }

  /** Without a zone, and an IPv4-mapped address as such: the JDK would write it as IPv4. */
  private static String text(byte[] address) {
    StringBuilder text = new StringBuilder(39);
    if (address.length == 4) {
      for (byte part : address) {
        text.append(text.isEmpty() ? "" : ".").append(part & 0xff);
      }
    } else {
      for (int i = 0; i < 16; i += 2) {
        int group = (address[i] & 0xff) << 8 | (address[i + 1] & 0xff);
        text.append(i == 0 ? "" : ":").append(Integer.toHexString(group));
      }
    }
    return text.toString();
  }

  private static void writeShort(ByteArrayOutputStream out, int value) {
    out.write(value >> 8);
    out.write(value);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
