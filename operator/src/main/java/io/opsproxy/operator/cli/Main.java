package io.opsproxy.operator.cli;

import io.opsproxy.operator.demo.DemoCommand;
import picocli.CommandLine;

/** The program with the commands about Kubernetes objects beside those of the peer. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    io.opsproxy.dataplane.cli.Main.exit(commandLine().execute(arguments));
  }

  /** All commands and flags; documents are tested against it. */
  public static CommandLine commandLine() {
    CommandLine line = io.opsproxy.dataplane.cli.Main.commandLine();
    line.addSubcommand(new OperatorCommand());
    line.addSubcommand(new RenderCommand());
    line.addSubcommand(new UpCommand());
    line.addSubcommand(new DemoCommand());
    return line;
  }
}
