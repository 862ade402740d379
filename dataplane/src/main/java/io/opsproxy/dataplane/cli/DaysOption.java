package io.opsproxy.dataplane.cli;

import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code --days} of the commands that make certificates. */
final class DaysOption {
  private static final int MOST = 36_500;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  private int days;

  @Option(
      names = "--days",
      paramLabel = "DAYS",
      description = "How long it is valid, 1-36500 (default: init 3650, issue 365).")
  void days(int value) {
    if (value < 1 || value > MOST) {
      throw new ParameterException(spec.commandLine(), "--days " + value + ": must be 1-" + MOST);
    }
    days = value;
  }

  int or(int usual) {
    return days > 0 ? days : usual;
  }

  /** Says why a command could not do it. */
  static int failed(IOException cause) {
    System.err.println(
        "error: "
            + (cause.getClass() == IOException.class
                ? cause.getMessage()
                : cause.getClass().getSimpleName() + ": " + cause.getMessage()));
    return 1;
  }
}
