package io.opsproxy.dataplane.config.value;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * A range of IP addresses: {@code 10.0.0.0/8}, {@code fd00::/8}, or a single address. An
 * IPv4-mapped IPv6 address is its IPv4 address here, on both sides of the comparison (compare
 * CVE-2026-44249).
 */
public final class Cidr {
  /** How many leading bits of an IPv4-mapped address are the same in all of them. */
  private static final int MAPPED_PREFIX = 96;

  private final byte[] network;
  private final int prefix;

  private Cidr(byte[] network, int prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  /**
   * @throws IllegalArgumentException with a sentence that names the text and what is wrong with it
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    byte[] address = IpLiteral.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(
          Quoted.of(text) + ": expected an IP address or range such as 10.0.0.0/8");
    }
    int bits = address.length * 8;
    int prefix = bits;
    if (slash >= 0) {
      String digits = text.substring(slash + 1);
      prefix = HostPort.isDigits(digits) && digits.length() <= 3 ? Integer.parseInt(digits) : -1;
      if (prefix < 0 || prefix > bits) {
        throw new IllegalArgumentException(Quoted.of(text) + ": prefix length must be 0-" + bits);
      }
    }
    if (IpLiteral.isMapped(address) && prefix >= MAPPED_PREFIX) {
      address = IpLiteral.unmap(address);
      prefix -= MAPPED_PREFIX;
    }
    return new Cidr(masked(address, prefix), prefix);
  }

  /** Clears the bits beyond the prefix, so that two ways to write one range are equal. */
  private static byte[] masked(byte[] address, int prefix) {
    byte[] network = address.clone();
    for (int bit = prefix; bit < network.length * 8; bit++) {
      network[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    return network;
  }

  /** Whether the address lies in the range. */
  public boolean contains(InetAddress address) {
    byte[] other = IpLiteral.unmap(address.getAddress());
    if (other.length != network.length) {
      return false;
    }
    int whole = prefix / 8;
    for (int i = 0; i < whole; i++) {
      if (other[i] != network[i]) {
        return false;
      }
    }
    int rest = prefix % 8;
    return rest == 0 || ((other[whole] ^ network[whole]) & (0xff << (8 - rest)) & 0xff) == 0;
  }

  /** Whether any of the ranges has the address. */
  public static boolean anyContains(List<Cidr> ranges, InetAddress address) {
    for (Cidr range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Cidr that
        && prefix == that.prefix
        && Arrays.equals(network, that.network);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(network) * 31 + prefix;
  }

  @Override
  public String toString() {
    try {
      return InetAddress.getByAddress(network).getHostAddress() + "/" + prefix;
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a CIDR holds 4 or 16 bytes", e);
    }
  }
}
