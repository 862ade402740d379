package io.opsproxy.dataplane.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The page {@code /status} for people: problems first, then links, then names. Columns that no row
 * has something for are left out, so that a peer which tells more shows more.
 */
final class StatusText {
  private final Terminal terminal;

  StatusText(Terminal terminal) {
    this.terminal = terminal;
  }

  String of(String address, Json status) {
    StringBuilder text = new StringBuilder();
    text.append("peer at ")
        .append(address)
        .append(", version ")
        .append(status.text("version"))
        .append(status.isTrue("draining") ? ", " + terminal.bad("draining") : "")
        .append('\n');
    List<Json> problems = status.get("problems").list();
    text.append(
        problems.isEmpty() ? terminal.good("no problems") : terminal.bad(count(problems.size())));
    text.append('\n');
    for (Json problem : problems) {
      text.append("  ").append(problem.text("subject")).append(": ");
      text.append(problem.text("message")).append('\n');
      text.append("    -> ").append(problem.text("remedy")).append('\n');
    }
    Table links =
        new Table("LINK", "ID", "ADDRESS", "DIRECTION", "STATE", "PROTOCOL", "RTT", "NAMES");
    for (Json peer : status.get("peers").list()) {
      String rtt = peer.text("rttMillis");
      links.row(
          peer.text("name"),
          peer.text("id"),
          peer.text("address"),
          peer.text("direction"),
          peer.text("state"),
          peer.text("protocol"),
          rtt.isEmpty() ? "" : rtt + " ms",
          Integer.toString(peer.get("names").list().size()));
    }
    Table names = new Table("NAME", "OWNER", "PATH", "ENDPOINTS");
    for (Json name : status.get("names").list()) {
      names.row(name.text("name"), owner(name), path(name), endpoints(name));
    }
    return text + links.text() + names.text();
  }

  private static String count(int problems) {
    return problems + (problems == 1 ? " problem" : " problems");
  }

  private static String owner(Json name) {
    if (name.text("owner").equals("local")) {
      return "this peer";
    }
    List<String> owners = new ArrayList<>();
    name.get("owners").list().forEach(owner -> owners.add(owner.text("peer")));
    if (owners.isEmpty()) {
      name.get("peers").list().forEach(peer -> owners.add(peer.text()));
    }
    return owners.isEmpty() ? name.text("peer") : String.join(", ", owners);
  }

  private static String path(Json name) {
    return name.get("path").list().stream().map(Json::text).collect(Collectors.joining(" > "));
  }

  private static String endpoints(Json name) {
    return name.get("endpoints").list().stream()
        .map(one -> one.text("address") + (one.isTrue("healthy") ? "" : " (unhealthy)"))
        .collect(Collectors.joining(", "));
  }
}
