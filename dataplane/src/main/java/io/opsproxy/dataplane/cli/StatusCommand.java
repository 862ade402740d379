package io.opsproxy.dataplane.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ops-proxy status}: the mesh as one peer sees it. */
@Command(
    name = "status",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Shows the mesh as a peer sees it: problems first, then its links and names.",
    footer = {
      "",
      "Exit codes: 0 it was shown; 1 there are problems, with --check; 2 wrong usage, or the peer cannot be asked."
    })
final class StatusCommand implements Callable<Integer> {
  private static final int PROBLEMS = 1;
  private static final int CANNOT_ASK = 2;
  private static final long PAUSE_SECONDS = 2;
  private static final String CLEAR = "\u001b[H\u001b[2J";

  @Parameters(
      arity = "0..1",
      paramLabel = "ADDRESS",
      defaultValue = StatusClient.DEFAULT,
      description = "The peer's status address; ${DEFAULT-VALUE}.")
  private String address;

  @Option(names = "--json", description = "Print /status as the peer gave it.")
  private boolean asJson;

  @Option(names = "--check", description = "Exit 1 when there are problems.")
  private boolean check;

  @Option(names = "--watch", description = "Show it again every 2 s, until Ctrl-C.")
  private boolean watch;

  @Spec private CommandSpec spec;
  private final Terminal terminal = Terminal.standard();

  @Override
  public Integer call() throws IOException, InterruptedException {
    StatusClient peer;
    try {
      peer = StatusClient.at(address);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    int code = show(peer);
    while (watch) {
      TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
      if (terminal.hasColours()) {
        System.out.print(CLEAR);
      }
      code = show(peer);
    }
    return code;
  }

  private int show(StatusClient peer) throws IOException {
    String body;
    try {
      body = peer.get("/status");
    } catch (StatusClient.Unreachable e) {
      System.err.println(e.getMessage());
      return CANNOT_ASK;
    }
    Json status = Json.parse(body);
    System.out.print(asJson ? body : new StatusText(terminal).of(peer.toString(), status));
    System.out.flush();
    return check && !status.get("problems").list().isEmpty() ? PROBLEMS : 0;
  }
}
