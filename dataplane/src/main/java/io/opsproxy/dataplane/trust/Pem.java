package io.opsproxy.dataplane.trust;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * The blocks of a PEM text (RFC 7468), tolerant as tools are: text around blocks is passed over,
 * white space within base64 as well. Pure.
 */
public final class Pem {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";

  private Pem() {}

  /**
   * One block.
   *
   * @param label what stands after BEGIN: {@code CERTIFICATE}, {@code PRIVATE KEY}
   * @param line 1-based, of its BEGIN
   * @param bytes DER; null when it is no base64, or does not end
   */
  @SuppressWarnings("ArrayRecordComponent") // only read
  public record Block(String label, int line, byte[] bytes) {}

  /** All blocks, in order. */
  public static List<Block> blocks(String text) {
    List<Block> blocks = new ArrayList<>();
    String label = null;
    int begin = 0;
    StringBuilder base64 = new StringBuilder();
    int number = 0;
    for (String raw : text.split("\n", -1)) {
      number++;
      String line = raw.strip();
      if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
        if (label != null) {
          blocks.add(new Block(label, begin, null));
        }
        label = line.substring(BEGIN.length(), Math.max(BEGIN.length(), line.length() - 5));
        begin = number;
        base64.setLength(0);
      } else if (label != null && line.startsWith(END)) {
        blocks.add(new Block(label, begin, decoded(base64.toString())));
        label = null;
      } else if (label != null && line.indexOf(':') < 0) {
        base64.append(line);
      }
    }
    if (label != null) {
      blocks.add(new Block(label, begin, null));
    }
    return blocks;
  }

  private static byte[] decoded(String base64) {
    try {
      byte[] bytes = Base64.getDecoder().decode(base64);
      return bytes.length == 0 ? null : bytes;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
