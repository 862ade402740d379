package io.opsproxy.dataplane.cli;

import java.util.List;
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
          System.err.println(problem.getMessage() + meant(problem));
          String command = problem.getCommandLine().getCommandSpec().qualifiedName();
          System.err.println(command + " --help shows the usage");
          return CommandLine.ExitCode.USAGE;
        });
    return line;
  }

  private static String meant(CommandLine.ParameterException problem) {
    if (problem instanceof CommandLine.UnmatchedArgumentException unmatched) {
      List<String> words = unmatched.getSuggestions();
      return words.isEmpty() ? "" : "; did you mean " + words.get(0) + "?";
    }
    return "";
  }
}
