package io.opsproxy.dataplane.view;

import io.opsproxy.dataplane.admin.Page;
import io.opsproxy.dataplane.admin.StatusPage.Note;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.why.Step;
import io.opsproxy.dataplane.why.Verdict;
import java.util.Optional;

/** The mesh for a terminal: the parts of the page, a line for each thing. */
final class MeshText {
  private MeshText() {}

  static Page page(MeshView view, Optional<Verdict> verdict) {
    StringBuilder text = new StringBuilder("peer " + view.peer() + "\n");
    verdict.ifPresent(one -> why(text, one));
    text.append("\nproblems: ").append(view.problems().isEmpty() ? "none\n" : "\n");
    for (Note one : view.problems()) {
      text.append("  " + one.subject() + ": " + one.message() + "\n    -> " + one.remedy() + "\n");
    }
    text.append("\nlinks: ").append(view.links().isEmpty() ? "none\n" : "\n");
    for (PeerStatus link : view.links()) {
      String error = link.error() == null ? "" : ": " + link.error();
      text.append("  " + link.name() + "  " + link.address() + "  " + link.direction() + "  ")
          .append(link.state() + error + "  " + link.names().size() + " names\n");
    }
    text.append("\nnames: ").append(view.names().isEmpty() ? "none\n" : "\n");
    for (MeshView.Name name : view.names()) {
      text.append("  " + name.name() + "  " + name.owner() + "  " + name.health() + "  ")
          .append(name.connections() + " open\n");
    }
    if (view.moreNames() > 0) {
      text.append("  and " + view.moreNames() + " more: /status\n");
    }
    return new Page(200, "text/plain; charset=utf-8", text.toString());
  }

  private static void why(StringBuilder text, Verdict verdict) {
    text.append("\n" + verdict.name() + (verdict.served() ? " is served\n" : " is not served\n"));
    for (Step step : verdict.steps()) {
      text.append("  " + step.result().word() + "  " + step.step() + "  " + step.subject())
          .append(": " + step.message() + "\n")
          .append(step.remedy().isEmpty() ? "" : "    -> " + step.remedy() + "\n");
    }
  }
}
