package io.opsproxy.dataplane.sniff;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.IpLiteral;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reads the name and the protocol ids out of a complete ClientHello (RFC 8446 section 4.1.2; its
 * layout is the same since SSL 3.0). Extensions it does not need, GREASE among them (RFC 8701), are
 * stepped over by their length. With Encrypted Client Hello the name is the outer one, which is all
 * that anyone on the way can see.
 *
 * <p>All lengths must agree to the byte. A reader that forgives a wrong one may see another name
 * than the server behind us does.
 */
final class ClientHello {
  private static final int SERVER_NAME = 0;
  private static final int ALPN = 16;
  private static final int HOST_NAME = 0;

  /** No host name is longer (RFC 1035 has 253 and a dot); checked before the name is copied. */
  private static final int MAX_NAME = 255;

  /**
   * Ids that are kept; real clients send two or three. Without a limit, 64 KiB of one-byte ids
   * would be thirty thousand objects.
   */
  private static final int MAX_PROTOCOLS = 64;

  private final HandshakeCursor cursor;
  private Optional<HostName> serverName = Optional.empty();
  private boolean serverNameSeen;
  private List<String> alpn = List.of();
  private boolean alpnSeen;
  private String why;

  private ClientHello(HandshakeCursor cursor) {
    this.cursor = cursor;
  }

  /** A {@link Sniff.Tls} or a {@link Sniff.Malformed}. */
  static Sniff read(HandshakeCursor cursor) {
    ClientHello hello = new ClientHello(cursor);
    hello.readAll();
    if (hello.why == null && cursor.failed()) {
      hello.why = "lengths inside the ClientHello do not agree";
    }
    return hello.why == null
        ? new Sniff.Tls(hello.serverName, hello.alpn)
        : new Sniff.Malformed(Sniff.Protocol.TLS, hello.why);
  }

  private void readAll() {
    cursor.skip(ClientHelloParser.MESSAGE_HEADER);
    if (cursor.number(1) != 3) {
      fail("ClientHello version is not 3.x");
    }
    cursor.skip(1 + 32); // minor version, random
    int session = cursor.number(1);
    if (session > 32) {
      fail("session id of the ClientHello is longer than 32 bytes");
    }
    cursor.skip(session);
    int suites = cursor.number(2);
    if (suites == 0 || suites % 2 != 0) {
      fail("cipher suites of the ClientHello are not pairs of bytes");
    }
    cursor.skip(suites);
    int compressions = cursor.number(1);
    if (compressions == 0) {
      fail("ClientHello has no compression method");
    }
    cursor.skip(compressions);
    if (cursor.hasMore()) {
      int message = cursor.open(2);
      while (cursor.hasMore() && why == null) {
        extension();
      }
      cursor.close(message);
    }
    if (cursor.hasMore()) {
      fail("lengths inside the ClientHello do not agree");
    }
  }

  private void extension() {
    int type = cursor.number(2);
    int extensions = cursor.open(2);
    switch (type) {
      case SERVER_NAME -> serverName();
      case ALPN -> protocols();
      default -> cursor.skip(cursor.left());
    }
    cursor.close(extensions);
  }

  /** RFC 6066 section 3. One entry of type host_name: no other type was ever defined. */
  private void serverName() {
    if (serverNameSeen) {
      fail("two server_name extensions");
    }
    serverNameSeen = true;
    int extension = cursor.open(2);
    if (cursor.number(1) != HOST_NAME) {
      fail("server_name is not of type host_name");
    }
    int entry = cursor.open(2);
    if (cursor.left() > MAX_NAME) {
      fail("server name is not a host name");
      cursor.skip(cursor.left());
    }
    String name = cursor.text(cursor.left());
    cursor.close(entry);
    if (cursor.hasMore()) {
      fail("server_name has more than one name");
    }
    cursor.close(extension);
    if (!cursor.failed() && why == null) {
      name(name);
    }
  }

  private void name(String raw) {
    if (raw.isEmpty() || raw.indexOf(':') >= 0) {
      return;
    }
    Optional<HostName> name = HostName.exact(raw);
    if (name.isEmpty()) {
      fail("server name is not a host name");
    } else if (IpLiteral.parse4(name.get().value()) == null) {
      serverName = name;
    }
  }

  /** RFC 7301 section 3.1. */
  private void protocols() {
    if (alpnSeen) {
      fail("two ALPN extensions");
    }
    alpnSeen = true;
    int extension = cursor.open(2);
    if (!cursor.hasMore()) {
      fail("ALPN names no protocol");
    }
    List<String> ids = new ArrayList<>(4);
    while (cursor.hasMore() && why == null) {
      int length = cursor.number(1);
      if (length == 0) {
        fail("ALPN has an empty protocol id");
      } else if (ids.size() == MAX_PROTOCOLS) {
        fail("ALPN names more than 64 protocols");
      }
      ids.add(cursor.text(length));
    }
    cursor.close(extension);
    alpn = List.copyOf(ids);
  }

  /** Keeps the first cause; lengths that do not fit because of it say nothing more. */
  private void fail(String reason) {
    if (why == null && !cursor.failed()) {
      why = reason;
    }
  }
}
