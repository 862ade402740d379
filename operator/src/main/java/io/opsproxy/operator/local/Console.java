package io.opsproxy.operator.local;

/** Where a mesh on this machine tells its user what goes on. Called by many threads. */
public interface Console {
  /** A peer answers; once for each set of addresses. */
  void up(String line);

  /** Anything else, and what the peers print. */
  void say(String line);

  /** Addresses on standard output, all else on standard error. */
  static Console standard() {
    return new Console() {
      @Override
      public void up(String line) {
        System.out.println(line);
      }

      @Override
      public void say(String line) {
        System.err.println(line);
      }
    };
  }
}
