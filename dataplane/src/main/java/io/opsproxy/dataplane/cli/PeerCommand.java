package io.opsproxy.dataplane.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ops-proxy peer}: runs a peer until SIGTERM or SIGINT, reloads on change of its file and on
 * SIGHUP.
 */
@Command(
    name = "peer",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description =
        "Runs a peer. SIGTERM drains it; SIGHUP and a change of the file reload the configuration.",
    footer = {
      "",
      "Exit codes: 0 drained after a signal; 1 the configuration was refused or no address could be had; 2 wrong usage."
    })
final class PeerCommand implements Callable<Integer> {
  @Mixin private PeerOptions options;

  @Option(
      names = PeerArguments.UNTIL_EOF,
      description =
          "Drain and end when standard input ends too: for a program that starts a peer and may be killed.")
  private boolean untilEof;

  @Override
  public Integer call() {
    return PeerProgram.run(options.arguments().loader(), untilEof);
  }
}
