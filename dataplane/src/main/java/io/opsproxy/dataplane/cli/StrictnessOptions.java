package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.problem.Strictness;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** What unknown keys of a file are, for every command that reads one. */
final class StrictnessOptions {
  private static final class Choice {
    @Option(
        names = PeerArguments.LENIENT,
        description = "Only warn of unknown keys, also of those that look like typos.")
    private boolean lenient;

    @Option(names = PeerArguments.STRICT, description = "Refuse every unknown key.")
    private boolean strict;
  }

  @ArgGroup private Choice choice;

  Strictness strictness() {
    if (choice == null) {
      return Strictness.USUAL;
    }
    return choice.strict
        ? Strictness.STRICT
        : choice.lenient ? Strictness.LENIENT : Strictness.USUAL;
  }
}
