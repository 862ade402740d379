package io.opsproxy.dataplane.config.load;

/**
 * Decides at which look at the files a change is acted upon: when they have been the same for one
 * look, so that a half-written one is left alone, and at the latest at the third look after the
 * first sign, so that a file which never rests is read all the same. Not thread-safe.
 */
final class ChangeDetector {
  /** With looks 200 ms apart, a change is acted upon within 800 ms even if it goes on. */
  static final int LONGEST_WAIT = 3;

  private FileStates settled;
  private FileStates last;
  private int looksSinceChange = -1;

  /**
   * @param inForce the state whose content has been read already
   */
  ChangeDetector(FileStates inForce) {
    this.settled = inForce;
    this.last = inForce;
  }

  /** Takes what the files look like now; true when their content should be read now. */
  boolean look(FileStates now) {
    boolean resting = now.sameAs(last);
    last = now;
    if (looksSinceChange < 0) {
      if (now.sameAs(settled)) {
        return false;
      }
      looksSinceChange = 0;
      return false;
    }
    looksSinceChange++;
    if (resting || looksSinceChange >= LONGEST_WAIT) {
      settled = now;
      looksSinceChange = -1;
      return true;
    }
    return false;
  }
}
