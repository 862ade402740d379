package io.opsproxy.dataplane.sniff;

/**
 * The request line of HTTP/1 after its method and space (RFC 9112 section 3), a byte at a time.
 *
 * <p>The bytes count as HTTP once the target has begun as a target does: {@code /}, {@code *} and a
 * space, {@code http://} or {@code https://} in any case, or for CONNECT a byte that a host begins
 * with. Until then a deviation is another protocol ({@code EHLO x}, {@code KEYS *}); after it, the
 * line is HTTP or broken.
 *
 * <p>Only versions 1.0 and 1.1 exist. Bytes above 127 pass in a target, as they do in practice: the
 * target's path routes nothing here and is replayed as it came.
 */
final class RequestLine extends HeadPart {
  private static final String VERSION = "HTTP/1.";

  private enum State {
    TARGET_START,
    ASTERISK,
    SCHEME,
    TARGET,
    VERSION,
    MINOR,
    CR,
    LF
  }

  private final boolean connect;
  private final int start;
  private State state = State.TARGET_START;
  private int end;
  private String scheme = "http://";
  private boolean absolute;
  private boolean http11;

  /**
   * @param connect whether the method is CONNECT
   * @param start where the target begins
   */
  RequestLine(boolean connect, int start) {
    super(start);
    this.connect = connect;
    this.start = start;
  }

  @Override
  Progress next(byte b, byte[] bytes) {
    return switch (state) {
      case TARGET_START -> targetStart(b);
      case ASTERISK -> b == ' ' ? targetEnds() : Progress.OTHER;
      case SCHEME -> scheme(b);
      case TARGET -> target(b);
      case VERSION -> version(b);
      case MINOR -> minor(b);
      case CR -> afterVersion(b);
      case LF -> b == '\n' ? Progress.DONE : broken("request line has a bare CR");
    };
  }

  private Progress targetStart(byte b) {
    if (connect) {
      boolean host = HttpBytes.isAlphanumeric(b) || b == '-' || b == '_' || b == '.' || b == '[';
      return host || b == '/' || b == '*' ? go(State.TARGET) : Progress.OTHER;
    }
    if (b == '/') {
      return go(State.TARGET);
    }
    if (b == '*') {
      return go(State.ASTERISK);
    }
    state = State.SCHEME;
    return scheme(b);
  }

  private Progress scheme(byte b) {
    int at = position() - start;
    if (at == 4 && HttpBytes.lower(b) == 's') {
      scheme = "https://";
    }
    if (HttpBytes.lower(b) != scheme.charAt(at)) {
      return Progress.OTHER;
    }
    if (at == scheme.length() - 1) {
      absolute = true;
      return go(State.TARGET);
    }
    return Progress.NEED_MORE;
  }

  private Progress target(byte b) {
    if (b == ' ') {
      return targetEnds();
    }
    if (b == '\r' || b == '\n') {
      return broken("request line has no HTTP version");
    }
    return HttpBytes.isControl(b)
        ? broken("request target has a control character")
        : Progress.NEED_MORE;
  }

  private Progress targetEnds() {
    end = position();
    return go(State.VERSION);
  }

  private Progress version(byte b) {
    int at = position() - end - 1;
    if (b != VERSION.charAt(at)) {
      return broken(
          at < "HTTP/".length()
              ? "request line has no HTTP version after its target"
              : "HTTP version is not 1.0 or 1.1");
    }
    return at == VERSION.length() - 1 ? go(State.MINOR) : Progress.NEED_MORE;
  }

  private Progress minor(byte b) {
    http11 = b == '1';
    return http11 || b == '0' ? go(State.CR) : broken("HTTP version is not 1.0 or 1.1");
  }

  private Progress afterVersion(byte b) {
    if (b == '\r') {
      return go(State.LF);
    }
    return broken(
        b == '\n'
            ? "request line ends with a bare LF"
            : "request line goes on after the HTTP version");
  }

  private Progress go(State next) {
    state = next;
    return Progress.NEED_MORE;
  }

  boolean isConnect() {
    return connect;
  }

  /** Whether the target is in absolute form (RFC 9112 section 3.2.2). */
  boolean isAbsolute() {
    return absolute;
  }

  boolean isHttp11() {
    return http11;
  }

  /** The CONNECT target, or the authority of an absolute-form target. */
  String authority(byte[] bytes) {
    if (!absolute) {
      return HttpBytes.text(bytes, start, end);
    }
    int from = start + scheme.length();
    int to = from;
    while (to < end && bytes[to] != '/' && bytes[to] != '?' && bytes[to] != '#') {
      to++;
    }
    return HttpBytes.text(bytes, from, to);
  }
}
