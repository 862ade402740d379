package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.trust.issue.AuthorityDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code ops-proxy trust init DIR}. */
@Command(
    name = "init",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description =
        "Makes an authority: ca.crt, which every peer trusts, and ca.key (mode 0600), which stays here. Overwrites nothing.",
    footer = {
      "",
      "Exit codes: 0 made; 1 it is there already, or could not be written; 2 wrong usage."
    })
final class TrustInitCommand implements Callable<Integer> {
  @Parameters(paramLabel = "DIR", description = "Where to; is made when it is not there.")
  private Path directory;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      defaultValue = "mesh.example.com",
      description = "Domain of the ids of its peers (default: ${DEFAULT-VALUE}).")
  private String domain;

  @Mixin private DaysOption days;

  @Override
  public Integer call() {
    AuthorityDirectory authority = new AuthorityDirectory(directory);
    try {
      authority.init(domain, days.or(3650));
    } catch (IOException e) {
      return DaysOption.failed(e);
    }
    System.out.println("authority of spiffe://" + domain + ": " + authority.certificateFile());
    return 0;
  }
}
