package io.opsproxy.operator.cli;

import picocli.CommandLine;

/** The program with the commands about Kubernetes objects beside those of the peer. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    CommandLine line = io.opsproxy.dataplane.cli.Main.commandLine();
    System.exit(line.execute(arguments));
  }
}
