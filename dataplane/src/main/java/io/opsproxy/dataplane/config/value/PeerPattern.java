package io.opsproxy.dataplane.config.value;

/**
 * Which ids of peers are meant: an exact one, or one with a {@code *} at an end, which stands for
 * anything, nothing included.
 *
 * @param text as it is written
 */
public record PeerPattern(String text) {
  /** In characters, of ids as of patterns. */
  public static final int MAX_LENGTH = 512;

  public PeerPattern {
    if (text.isEmpty() || text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          Quoted.of(text) + ": a peer id has 1-" + MAX_LENGTH + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 127) {
        throw new IllegalArgumentException(
            Quoted.of(text) + ": a peer id has visible ASCII characters only");
      }
      if (c == '*' && i > 0 && (i < text.length() - 1 || text.charAt(0) == '*')) {
        throw new IllegalArgumentException(
            Quoted.of(text) + ": one * may stand at the begin or at the end");
      }
    }
  }

  /** Whether this id is meant. */
  public boolean matches(String id) {
    int last = text.length() - 1;
    if (text.charAt(0) == '*') {
      return id.endsWith(text.substring(1));
    }
    return text.charAt(last) == '*' ? id.startsWith(text.substring(0, last)) : id.equals(text);
  }

  @Override
  public String toString() {
    return text;
  }
}
