package io.opsproxy.dataplane.config.value;

/** What a peer may be called. */
public final class PeerName {
  /** In characters. */
  public static final int MAX_LENGTH = 253;

  private PeerName() {}

  /**
   * A configured peer name. It travels between colons and commas on the lines of protocol v1.
   *
   * @throws IllegalArgumentException with a sentence that names the text and what is wrong with it
   */
  public static String checked(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          Quoted.of(text) + ": a peer name has at most " + MAX_LENGTH + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      if (!isCharacter(text.charAt(i))) {
        throw new IllegalArgumentException(
            Quoted.of(text)
                + ": a peer name has no colon, comma, white space or control character");
      }
    }
    return text;
  }

  /** Whether it may stand in one. */
  public static boolean isCharacter(char c) {
    return c != ':'
        && c != ','
        && !Character.isWhitespace(c)
        && !Character.isSpaceChar(c)
        && !Character.isISOControl(c);
  }
}
