package io.opsproxy.dataplane.cli;

import java.util.Optional;
import picocli.CommandLine;

/**
 * The program. Exit codes: 0 well, 1 a configuration was refused or a check failed, 2 wrong usage.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    // Netty would ask every network card for its address, and complain where there is none; nothing
    // here uses the id
    System.setProperty("io.netty.machineId", "00:00:00:00:00:00:00:01");
    Optional<PeerArguments> peer = PeerArguments.plain(arguments);
    exit(
        peer.isPresent()
            ? PeerProgram.run(peer.get().loader(), peer.get().untilEof())
            : commandLine().execute(arguments));
  }

  /** Ends with this code, unless it says that a peer runs: that ends by a signal. */
  public static void exit(int code) {
    if (code != PeerProgram.RUNNING) {
      System.exit(code);
    }
  }

  /** All commands and flags; documents are tested against it. */
  public static CommandLine commandLine() {
    return Commands.line();
  }
}
