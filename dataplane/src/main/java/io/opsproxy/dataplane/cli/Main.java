package io.opsproxy.dataplane.cli;

import picocli.CommandLine;

/**
 * The program. Exit codes: 0 well, 1 a configuration was refused or a check failed, 2 wrong usage.
 */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    CommandLine line = new CommandLine(new RootCommand());
    line.setUsageHelpAutoWidth(true);
    line.setCaseInsensitiveEnumValuesAllowed(true);
    // "--mode validate" means the option's value, although a subcommand has the same name
    line.setAllowSubcommandsAsOptionParameters(true);
    int code = line.execute(arguments);
    // a peer that runs has threads of its own and ends by signal
    if (code != PeerCommand.RUNNING) {
      System.exit(code);
    }
  }
}
