package io.opsproxy.dataplane.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ops-proxy completion}: a script by which a shell completes commands and flags. */
@Command(
    name = "completion",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Prints a script by which a shell completes commands and flags.",
      "bash, zsh: source <(ops-proxy completion bash); fish: ops-proxy completion fish | source"
    },
    footer = {"", "Exit codes: 0 printed; 2 wrong usage."})
final class CompletionCommand implements Callable<Integer> {
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @Parameters(paramLabel = "bash|zsh|fish", description = "The shell.")
  private Shell shell;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    CommandLine program = spec.parent().commandLine();
    String name = program.getCommandName();
    System.out.print(
        shell == Shell.FISH ? FishCompletion.of(program) : AutoComplete.bash(name, program));
    return 0;
  }
}
