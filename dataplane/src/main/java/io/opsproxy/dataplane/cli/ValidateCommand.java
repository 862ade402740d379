package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.trust.CredentialsReader;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code ops-proxy validate FILE}: every problem, each with path, line, cause and remedy. */
@Command(
    name = "validate",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Reads a configuration file and prints every problem.",
    footer = {"", "Exit codes: 0 valid, warnings allowed; 1 not valid; 2 wrong usage."})
final class ValidateCommand implements Callable<Integer> {
  @Parameters(paramLabel = "FILE", description = "Configuration file (YAML).")
  private Path file;

  @Mixin private StrictnessOptions strictness;

  @Override
  public Integer call() {
    return validate(
        new ConfigLoader(
            Optional.of(file),
            System.getenv(),
            Map.of(),
            strictness.strictness(),
            new CredentialsReader()));
  }

  /** The list that a start would print; but a file that is not there, or is empty, is an error. */
  static int validate(ConfigLoader loader) {
    LoadResult strict = loader.loadForReload();
    LoadResult result =
        strict.config().isPresent() || loader.file().isEmpty() ? loader.load() : strict;
    long errors = 0;
    for (Problem problem : result.problems()) {
      System.out.println(problem);
      if (problem.severity() == Problem.Severity.ERROR) {
        errors++;
      }
    }
    boolean valid = result.config().isPresent();
    System.out.println(
        (result.source().isEmpty() ? "configuration" : result.source())
            + (valid ? ": valid, " : ": not valid, " + count(errors, "error") + ", ")
            + count(result.problems().size() - errors, "warning"));
    return valid ? 0 : 1;
  }

  private static String count(long number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }
}
