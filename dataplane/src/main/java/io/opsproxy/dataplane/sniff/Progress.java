package io.opsproxy.dataplane.sniff;

/** How far one part of a head has been read. */
enum Progress {
  /** All bytes so far are fine, and there must be more. */
  NEED_MORE,
  /** The part is complete. */
  DONE,
  /** It is not this protocol at all. */
  OTHER,
  /** It is this protocol and breaks its rules; the part says why. */
  BROKEN
}
