package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.trust.issue.AuthorityDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ops-proxy trust issue DIR NAME}. */
@Command(
    name = "issue",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description =
        "Issues a certificate for a peer: NAME.crt and NAME.key (mode 0600), with the id spiffe://DOMAIN/peer/NAME.",
    footer = {
      "",
      "Exit codes: 0 issued; 1 it is there already, or could not be written; 2 wrong usage."
    })
final class TrustIssueCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DIR", description = "The authority that trust init made.")
  private Path directory;

  @Parameters(index = "1", paramLabel = "NAME", description = "Name of the peer.")
  private String name;

  @Option(
      names = "--out",
      paramLabel = "OUTDIR",
      description = "Where to write them (default: DIR).")
  private Path out;

  @Option(names = "--force", description = "Replace files that are there.")
  private boolean force;

  @Mixin private DaysOption days;

  @Override
  public Integer call() {
    Path target = out == null ? directory : out;
    try {
      String id = new AuthorityDirectory(directory).issue(name, days.or(365), target, force);
      System.out.println(id + ": " + target.resolve(name + ".crt"));
      return 0;
    } catch (IOException e) {
      return DaysOption.failed(e);
    }
  }
}
