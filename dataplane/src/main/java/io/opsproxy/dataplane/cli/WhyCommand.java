package io.opsproxy.dataplane.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ops-proxy why NAME}: whether a client of a name would be served, step by step. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Explains, step by step, whether a client that asks a peer for a name is served now.",
      "Lines begin with ok, warn, FAIL or -- (not reached); the first FAIL is the root cause."
    },
    footer = {
      "",
      "Exit codes: 0 the client would be served; 1 it would not; 2 wrong usage, or the peer cannot be asked."
    })
final class WhyCommand implements Callable<Integer> {
  private static final int NOT_SERVED = 1;
  private static final int CANNOT_ASK = 2;

  @Parameters(paramLabel = "NAME", description = "The name in a client's SNI or Host.")
  private String name;

  @Option(
      names = "--at",
      paramLabel = "ADDRESS",
      defaultValue = StatusClient.DEFAULT,
      description = "The status address of the peer that is asked; ${DEFAULT-VALUE}.")
  private String at;

  @Option(names = "--json", description = "Print the answer as the peer gave it.")
  private boolean asJson;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    StatusClient peer;
    try {
      peer = StatusClient.at(at);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--at: " + e.getMessage(), e);
    }
    String body;
    try {
      body = peer.get("/why?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8));
    } catch (StatusClient.Unreachable e) {
      System.err.println(e.getMessage());
      return CANNOT_ASK;
    }
    Json answer = Json.parse(body);
    System.out.print(asJson ? body : new WhyText(Terminal.standard()).of(answer));
    return answer.isTrue("served") ? 0 : NOT_SERVED;
  }
}
