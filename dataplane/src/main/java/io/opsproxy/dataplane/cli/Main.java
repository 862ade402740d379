package io.opsproxy.dataplane.cli;

import picocli.CommandLine;

/**
 * The program. Exit codes: 0 well, 1 a configuration was refused or a check failed, 2 wrong usage.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    int code = commandLine().execute(arguments);
    // a peer that runs has threads of its own and ends by signal
    if (code != PeerCommand.RUNNING) {
      System.exit(code);
    }
  }

  /** All commands and flags; documents are tested against it. */
  public static CommandLine commandLine() {
    CommandLine line = new CommandLine(new RootCommand());
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // "--mode validate": validate is a subcommand as well
    line.setAllowSubcommandsAsOptionParameters(true);
    line.setParameterExceptionHandler(
        (problem, given) -> {
          System.err.println(problem.getMessage());
          System.err.println("ops-proxy --help shows the usage");
          return CommandLine.ExitCode.USAGE;
        });
    return line;
  }
}
