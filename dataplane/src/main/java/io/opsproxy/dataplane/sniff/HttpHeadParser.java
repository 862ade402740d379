package io.opsproxy.dataplane.sniff;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.config.value.IpLiteral;
import java.util.Optional;

/**
 * An HTTP/1 request head after its method, and the rules of which host it names (RFC 9112 section
 * 3.2):
 *
 * <ul>
 *   <li>HTTP/1.1 has exactly one Host header, whatever its target. HTTP/1.0 may lack it where the
 *       target names the host.
 *   <li>A Host header is a host name with an optional port, even where the target overrides it.
 *   <li>An absolute-form target, and the target of CONNECT, override Host.
 * </ul>
 *
 * <p>Only this head is read. Later requests on the same connection go where it went.
 */
final class HttpHeadParser implements HeadParser {
  /** Longest request line with its header fields, in bytes. */
  static final int MAX_HEAD = Sniffer.MAX_BYTES;

  private final int from;
  private final RequestLine line;
  private HeaderFields fields;

  /**
   * @param from where the head begins
   * @param connect whether its method is CONNECT
   * @param target where its target begins
   */
  HttpHeadParser(int from, boolean connect, int target) {
    this.from = from;
    this.line = new RequestLine(connect, target);
  }

  @Override
  public Sniff advance(byte[] bytes, int length) {
    int limit = Math.min(length, from + MAX_HEAD);
    if (fields == null) {
      switch (line.advance(bytes, limit)) {
        case BROKEN -> {
          return malformed(line.why());
        }
        case OTHER -> {
          return new Sniff.Unknown();
        }
        case DONE -> fields = new HeaderFields(line.position());
        case NEED_MORE -> {}
      }
    }
    if (fields != null) {
      Progress progress = fields.advance(bytes, limit);
      if (progress == Progress.BROKEN) {
        return malformed(fields.why());
      }
      if (progress == Progress.DONE) {
        return complete(bytes);
      }
    }
    return limit == from + MAX_HEAD
        ? malformed("request head is longer than 64 KiB")
        : Sniff.NeedMore.INSTANCE;
  }

  private Sniff complete(byte[] bytes) {
    boolean named = line.isAbsolute() || line.isConnect();
    if (!fields.hasHost() && (line.isHttp11() || !named)) {
      return malformed("no Host header");
    }
    Optional<HostName> host = Optional.empty();
    if (fields.hasHost()) {
      host = HostName.ofAuthority(fields.host(bytes));
      if (host.isEmpty()) {
        return malformed("Host header is not a host name");
      }
    }
    Optional<HostPort> connect = Optional.empty();
    if (named) {
      String authority = line.authority(bytes);
      if (authority.indexOf('@') >= 0) {
        return malformed("request target has user information");
      }
      if (line.isConnect()) {
        connect = connectTarget(authority);
        if (connect.isEmpty()) {
          return malformed("CONNECT target is not host:port with a port of 1-65535");
        }
      }
      host = HostName.ofAuthority(authority);
      if (host.isEmpty()) {
        return malformed("host of the request target is not a host name");
      }
    }
    return new Sniff.Http(host.orElseThrow(), connect, fields.position() - from);
  }

  /**
   * The host is the normalised one, so that access rules and dialling see what routing sees. Only
   * an IPv6 address may stand in brackets: without them anything else would turn into another name.
   */
  private static Optional<HostPort> connectTarget(String authority) {
    int colon = authority.lastIndexOf(':');
    int port = colon < 0 ? -1 : Decimal.parse(authority, colon + 1, authority.length(), 65535);
    if (port < 1) {
      return Optional.empty();
    }
    Optional<HostName> host = HostName.exact(authority.substring(0, colon));
    if (host.isEmpty() || !host.get().value().startsWith("[")) {
      return host.map(name -> new HostPort(name.value(), port));
    }
    String literal = host.get().value().substring(1, host.get().value().length() - 1);
    return IpLiteral.parse6(literal) == null
        ? Optional.empty()
        : Optional.of(new HostPort(literal, port));
  }

  private static Sniff malformed(String why) {
    return new Sniff.Malformed(Sniff.Protocol.HTTP, why);
  }
}
