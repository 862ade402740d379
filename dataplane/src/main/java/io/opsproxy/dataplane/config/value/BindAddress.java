package io.opsproxy.dataplane.config.value;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnknownHostException;
import java.nio.channels.ServerSocketChannel;
import java.util.Arrays;

/**
 * An address to listen on: {@code :6443}, {@code 127.0.0.1:6443}, {@code [::1]:6443}, {@code
 * localhost:6443}.
 *
 * @param host empty for all addresses of the machine; an IPv6 literal stands without its brackets
 * @param port 0 to 65535; 0 lets the system choose (tests)
 * @param ipv6Only whether {@code [::]} takes IPv6 clients alone, as Envoy's does; without, no host
 *     and {@code [::]} are both families, and {@code 0.0.0.0} is IPv4 alone
 */
public record BindAddress(String host, int port, boolean ipv6Only) {

  /** Of both families, where its host is {@code [::]} or none. */
  public BindAddress(String host, int port) {
    this(host, port, false);
  }

  /**
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static BindAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    if (colon < 0) {
      throw new IllegalArgumentException(Quoted.of(text) + ": expected host:port or :port");
    }
    int port = HostPort.parsePort(text.substring(colon + 1), text);
    return new BindAddress(
        colon == 0 ? "" : HostPort.parseHost(text.substring(0, colon), text), port);
  }

  /** True when only this machine can reach it. */
  public boolean isLoopback() {
    if (host.equals("localhost")) {
      return true;
    }
    byte[] address = literal();
    if (address == null) {
      return false;
    }
    if (address.length == 4) {
      return address[0] == 127;
    }
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    return Arrays.equals(address, loopback);
  }

  /** True for all addresses of the machine: no host, {@code 0.0.0.0}, {@code [::]}. */
  public boolean isWildcard() {
    return host.isEmpty() || isZero(literal());
  }

  /**
   * Whether the two cannot both be listened on. Port 0 never collides. Names other than {@code
   * localhost} are compared as text, because validation looks nothing up.
   */
  public boolean overlaps(BindAddress other) {
    if (port != other.port || port == 0) {
      return false;
    }
    return host.equals(other.host) || covers(other) || other.covers(this);
  }

  private boolean covers(BindAddress other) {
    byte[] mine = literal();
    byte[] theirs = other.literal();
    // No host and [::] open a dual-stack socket; 0.0.0.0 takes the IPv4 addresses only.
    if (host.isEmpty() || (isZero(mine) && mine.length == 16)) {
      return !ipv6Only || theirs == null || theirs.length == 16;
    }
    if (isZero(mine)) {
      return theirs == null || theirs.length == 4;
    }
    return host.equals("localhost")
        ? other.isLoopback()
        : mine != null && Arrays.equals(mine, theirs);
  }

  private static boolean isZero(byte[] address) {
    if (address == null) {
      return false;
    }
    for (byte b : address) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private byte[] literal() {
    byte[] address = IpLiteral.parse(host);
    return address == null ? null : IpLiteral.unmap(address);
  }

  /**
   * @throws UnknownHostException when the host is a name that does not resolve
   */
  public InetSocketAddress resolve() throws UnknownHostException {
    return new InetSocketAddress(host.isEmpty() ? all() : InetAddress.getByName(host), port);
  }

  /** IPv6 where the system has it: such a socket takes IPv4 as well. */
  private static InetAddress all() throws UnknownHostException {
    try (ServerSocketChannel probe = ServerSocketChannel.open(StandardProtocolFamily.INET6)) {
      assert probe.isOpen();
      return InetAddress.getByAddress(new byte[16]);
    } catch (IOException | UnsupportedOperationException e) {
      return InetAddress.getByAddress(new byte[4]);
    }
  }

  /** The address that a socket is bound to. */
  public static BindAddress of(InetSocketAddress bound) {
    return new BindAddress(bound.getAddress().getHostAddress(), bound.getPort());
  }

  /** A bound address as people write it. */
  public static String text(InetSocketAddress bound) {
    // Java binds all addresses as IPv6 and IPv4 at once; people and scripts look for the short form
    String host =
        bound.getAddress().isAnyLocalAddress() ? "0.0.0.0" : bound.getAddress().getHostAddress();
    return new HostPort(host, bound.getPort()).toString();
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
