package io.opsproxy.dataplane.sniff;

/**
 * The header fields of an HTTP/1 head with the empty line that ends them (RFC 9112 sections 2.2 and
 * 5), a byte at a time. Strict where lenient readers differ from one another, because whoever reads
 * the replayed bytes behind us must see the same Host: no line folding, no bare CR or LF, no space
 * before the colon, no control characters.
 */
final class HeaderFields extends HeadPart {
  private enum State {
    LINE_START,
    NAME,
    VALUE,
    LF,
    LAST_LF
  }

  private State state = State.LINE_START;
  private int lineStart;
  private int valueStart;
  private int hostStart = -1;
  private int hostEnd;
  private boolean first = true;
  private boolean nameIsHost;

  /**
   * @param start where the first field, or the empty line, begins
   */
  HeaderFields(int start) {
    super(start);
  }

  @Override
  Progress next(byte b, byte[] bytes) {
    return switch (state) {
      case LINE_START -> lineStart(b);
      case NAME -> name(b, bytes);
      case VALUE -> value(b, bytes);
      case LF -> {
        first = false;
        yield b == '\n' ? go(State.LINE_START) : broken("header line has a bare CR");
      }
      case LAST_LF -> b == '\n' ? Progress.DONE : broken("header line has a bare CR");
    };
  }

  private Progress lineStart(byte b) {
    lineStart = position();
    return switch (b) {
      case '\r' -> go(State.LAST_LF);
      case '\n' -> broken("header line ends with a bare LF");
      case ':' -> broken("header name is empty");
      case ' ', '\t' ->
          broken(first ? "first header line begins with a space" : "header line is folded");
      default ->
          HttpBytes.isTokenByte(b)
              ? go(State.NAME)
              : broken("header name has a character that none may have");
    };
  }

  private Progress name(byte b, byte[] bytes) {
    if (HttpBytes.isTokenByte(b)) {
      return Progress.NEED_MORE;
    }
    return switch (b) {
      case ':' -> nameEnds(bytes);
      case ' ', '\t' -> broken("space between a header name and its colon");
      case '\r', '\n' -> broken("header line without a colon");
      default -> broken("header name has a character that none may have");
    };
  }

  private Progress nameEnds(byte[] bytes) {
    valueStart = position() + 1;
    nameIsHost = HttpBytes.equalIgnoringCase(bytes, lineStart, position(), "host");
    return nameIsHost && hasHost() ? broken("more than one Host header") : go(State.VALUE);
  }

  private Progress value(byte b, byte[] bytes) {
    if (b == '\r') {
      if (nameIsHost) {
        keepHost(bytes);
      }
      return go(State.LF);
    }
    if (b == '\n') {
      return broken("header line ends with a bare LF");
    }
    return HttpBytes.isControl(b) && b != '\t'
        ? broken("header value has a control character")
        : Progress.NEED_MORE;
  }

  /** Notes where the value lies, without the spaces around it. */
  private void keepHost(byte[] bytes) {
    hostStart = valueStart;
    hostEnd = position();
    while (hostStart < hostEnd && isSpace(bytes[hostStart])) {
      hostStart++;
    }
    while (hostEnd > hostStart && isSpace(bytes[hostEnd - 1])) {
      hostEnd--;
    }
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\t';
  }

  private Progress go(State next) {
    state = next;
    return Progress.NEED_MORE;
  }

  boolean hasHost() {
    return hostStart >= 0;
  }

  /** The value of the one Host header. */
  String host(byte[] bytes) {
    return HttpBytes.text(bytes, hostStart, hostEnd);
  }
}
