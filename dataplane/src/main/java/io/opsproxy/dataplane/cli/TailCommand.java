package io.opsproxy.dataplane.cli;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ops-proxy tail [NAME]}: connections as they open and close. */
@Command(
    name = "tail",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Shows connections of a peer as they open and close, one line each, until Ctrl-C:",
      "time, open or close, id, name, client, what it leads to; bytes each way, duration, flags."
    },
    footer = {
      "",
      "A connection has the same id at every peer that it passes, and in their access logs (%%STREAM_ID%%).",
      "",
      "Exit codes: 0 nobody reads its output any more; 2 wrong usage, or the peer cannot be asked; 130 Ctrl-C."
    })
final class TailCommand implements Callable<Integer> {
  private static final int CANNOT_ASK = 2;
  private static final long PAUSE_MILLIS = 250;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = "",
      description = "Only connections to this name; all by default.")
  private String name;

  @Option(
      names = "--at",
      paramLabel = "ADDRESS",
      defaultValue = StatusClient.DEFAULT,
      description = "The status address of the peer; ${DEFAULT-VALUE}.")
  private String at;

  @Option(names = "--json", description = "Print one JSON object a line.")
  private boolean asJson;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    StatusClient peer;
    try {
      peer = StatusClient.at(at);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--at: " + e.getMessage(), e);
    }
    String query = "/tail?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    String next = "";
    while (true) {
      Json answer;
      try {
        answer = Json.parse(peer.get(query + next));
      } catch (StatusClient.Unreachable e) {
        System.err.println(e.getMessage());
        return CANNOT_ASK;
      }
      show(answer);
      if (System.out.checkError()) {
        // whoever has read it wants no more
        return 0;
      }
      next = "&next=" + answer.text("next");
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private void show(Json answer) {
    String lost = answer.text("lost");
    if (!lost.isEmpty() && !lost.equals("0")) {
      System.err.println(
          "... " + lost + " lines are missing: they came faster than they were read");
    }
    for (Json event : answer.get("events").list()) {
      System.out.println(asJson ? event.toJson() : TailText.line(event));
    }
  }
}
