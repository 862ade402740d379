package io.opsproxy.dataplane.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ops-proxy trust}: certificates of peers. */
@Command(
    name = "trust",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Makes and shows the certificates by which peers know each other.",
    subcommands = {TrustInitCommand.class, TrustIssueCommand.class, TrustShowCommand.class},
    footer = {"", "Exit codes: 0 done; 1 refused, or a certificate is out of date; 2 wrong usage."})
final class TrustCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "trust: say init, issue or show");
  }
}
