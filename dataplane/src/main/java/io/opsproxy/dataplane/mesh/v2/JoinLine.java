package io.opsproxy.dataplane.mesh.v2;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * {@link Message.Join} as the first line of a data connection that is not encrypted: {@code
 * JOIN:session:number:yours|mine:mac}.
 */
final class JoinLine {
  private JoinLine() {}

  static byte[] encode(Message.Join join) {
    String line =
        "JOIN:"
            + join.session()
            + ":"
            + join.number()
            + ":"
            + (join.yours() ? "yours" : "mine")
            + ":"
            + join.mac()
            + "\n";
    return line.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * @param line without its line end
   */
  static Optional<Message.Join> parse(String line) {
    String[] fields = line.split(":", -1);
    if (fields.length != 5
        || !fields[0].equals("JOIN")
        || !fields[2].matches("[1-9][0-9]{0,17}")
        || !(fields[3].equals("yours") || fields[3].equals("mine"))) {
      return Optional.empty();
    }
    return Optional.of(
        new Message.Join(
            fields[1], Long.parseLong(fields[2]), fields[3].equals("yours"), fields[4]));
  }
}
