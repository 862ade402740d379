package io.opsproxy.dataplane.peer;

/**
 * Errors after which a process must not live on half dead. Java ends it by itself when it is run
 * with {@code -XX:+ExitOnOutOfMemoryError}, as the launcher does; this is for those who run it
 * without.
 */
final class Fatal {
  /** What Java itself ends with. */
  private static final int OUT_OF_MEMORY = 3;

  private Fatal() {}

  /** Does not return when there is no memory left. */
  static void endWhenOutOfMemory(Throwable cause) {
    if (cause instanceof OutOfMemoryError) {
      System.err.println("error: out of memory, this process ends: " + cause.getMessage());
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }
}
