package io.opsproxy.dataplane.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code ops-proxy} without a subcommand: runs a peer, or validates with {@code --mode validate}.
 */
@Command(
    name = "ops-proxy",
    versionProvider = VersionLine.class,
    mixinStandardHelpOptions = true,
    description = {
      "A mesh of equal peers that forward connections, untouched, by TLS SNI or HTTP Host.",
      "Without a subcommand it runs a peer."
    },
    subcommands = {
      PeerCommand.class,
      ValidateCommand.class,
      TrustCommand.class,
      StatusCommand.class,
      WhyCommand.class,
      TailCommand.class,
      CommandLine.HelpCommand.class,
      VersionCommand.class,
      CompletionCommand.class
    },
    footer = {
      "",
      "The launcher adds: test (all tests), package (one archive that runs with a Java runtime alone).",
      "Exit codes: 0 well; 1 a configuration was refused or a check failed; 2 wrong usage."
    })
final class RootCommand implements Callable<Integer> {
  enum Mode {
    SERVE,
    VALIDATE
  }

  @Mixin private PeerOptions options;

  @Option(
      names = "--mode",
      paramLabel = "serve|validate",
      defaultValue = "serve",
      description =
          "serve: run a peer (default). validate: read the configuration, print every problem, exit.")
  private Mode mode;

  @Override
  public Integer call() throws InterruptedException {
    return mode == Mode.VALIDATE
        ? ValidateCommand.validate(options.arguments().loader())
        : PeerProgram.run(options.arguments().loader(), false);
  }
}
