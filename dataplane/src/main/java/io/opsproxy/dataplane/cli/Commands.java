package io.opsproxy.dataplane.cli;

import picocli.CommandLine;

/** The program's commands. Apart from {@link Main}, which must not load the library for a peer. */
final class Commands {
  private Commands() {}

  static CommandLine line() {
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
