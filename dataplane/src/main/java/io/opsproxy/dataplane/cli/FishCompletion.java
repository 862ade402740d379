package io.opsproxy.dataplane.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Completion for fish, which the command line library has none for. */
final class FishCompletion {
  private final StringBuilder script = new StringBuilder();
  private final String program;

  private FishCompletion(String program) {
    this.program = program;
  }

  static String of(CommandLine root) {
    FishCompletion fish = new FishCompletion(root.getCommandName());
    fish.options(root.getCommandSpec(), "__fish_use_subcommand");
    for (Map.Entry<String, CommandLine> entry : root.getSubcommands().entrySet()) {
      CommandSpec command = entry.getValue().getCommandSpec();
      fish.line("__fish_use_subcommand", "-f -a " + entry.getKey(), description(command));
      fish.options(command, "__fish_seen_subcommand_from " + entry.getKey());
    }
    return fish.script.toString();
  }

  private void options(CommandSpec command, String when) {
    for (OptionSpec option : command.options()) {
      for (String name : option.names()) {
        // fish knows "-c" and "--config.file" by their words, without the dashes
        String flag = name.startsWith("--") ? "-l " + name.substring(2) : "-s " + name.substring(1);
        line(when, flag + (option.arity().max() > 0 ? " -r" : ""), first(option.description()));
      }
    }
  }

  private void line(String when, String what, String description) {
    script
        .append("complete -c " + program + " -n '" + when + "' " + what)
        .append(" -d '" + description.replace("\\", "\\\\").replace("'", "\\'") + "'\n");
  }

  private static String description(CommandSpec command) {
    return first(command.usageMessage().description());
  }

  private static String first(String[] lines) {
    return lines.length == 0 ? "" : lines[0];
  }
}
