package io.opsproxy.dataplane.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * An address to listen on: {@code :6443}, {@code 127.0.0.1:6443}, {@code [::1]:6443}, {@code
 * localhost:6443}.
 *
 * @param host empty for all addresses of the machine; an IPv6 literal stands without its brackets
 * @param port 0 to 65535; 0 lets the system choose (tests)
 */
public record BindAddress(String host, int port) {

  /**
   * @throws IllegalArgumentException with a sentence that says what is wrong
   */
  public static BindAddress parse(String text) {
    HostPort parsed =
        text.startsWith(":")
            ? HostPort.parseAllowingPortZero("any" + text)
            : HostPort.parseAllowingPortZero(text);
    return new BindAddress(text.startsWith(":") ? "" : parsed.host(), parsed.port());
  }

  /** True when only this machine can reach it. */
  public boolean isLoopback() {
    return host.equals("localhost") || host.startsWith("127.") || host.equals("::1");
  }

  /**
   * @throws UnknownHostException when the host is a name that does not resolve
   */
  public InetSocketAddress resolve() throws UnknownHostException {
    return host.isEmpty()
        ? new InetSocketAddress(port)
        : new InetSocketAddress(InetAddress.getByName(host), port);
  }

  @Override
  public String toString() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
