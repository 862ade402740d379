package io.opsproxy.dataplane.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code ops-proxy version}: the same as {@code --version}. */
@Command(
    name = "version",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Prints the version.",
    footer = {"", "Exit codes: 0 always; 2 wrong usage."})
final class VersionCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    System.out.println(VersionLine.text());
    return 0;
  }
}
