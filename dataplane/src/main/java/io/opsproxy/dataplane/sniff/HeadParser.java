package io.opsproxy.dataplane.sniff;

/** What goes on once the first word has told which protocol it must be. */
interface HeadParser {
  /**
   * @param bytes what was received; earlier bytes are the same as in the call before
   * @param length end of what was received
   */
  Sniff advance(byte[] bytes, int length);
}
