package io.opsproxy.dataplane.sniff;

/** A part of an HTTP/1 head that is read a byte at a time, each byte once. */
abstract class HeadPart {
  private int position;
  private String why;

  /**
   * @param start where the part begins
   */
  HeadPart(int start) {
    position = start;
  }

  /** Reads on to {@code limit} or to the end of the part. */
  final Progress advance(byte[] bytes, int limit) {
    Progress progress = Progress.NEED_MORE;
    while (progress == Progress.NEED_MORE && position < limit) {
      progress = next(bytes[position], bytes);
      position++;
    }
    return progress;
  }

  /** Takes the byte at {@link #position} in. */
  abstract Progress next(byte b, byte[] bytes);

  final Progress broken(String reason) {
    why = reason;
    return Progress.BROKEN;
  }

  /** Next byte to read; after DONE the first one behind the part. */
  final int position() {
    return position;
  }

  /** After BROKEN: the cause. */
  final String why() {
    return why;
  }
}
