package io.opsproxy.dataplane.view;

import io.opsproxy.dataplane.admin.Page;
import io.opsproxy.dataplane.admin.StatusPage.Note;
import io.opsproxy.dataplane.mesh.PeerStatus;
import io.opsproxy.dataplane.why.Step;
import io.opsproxy.dataplane.why.Verdict;
import java.util.Map;
import java.util.Optional;

/**
 * The mesh for a browser: whole without a script, and nothing in it is from elsewhere. The policy
 * that is sent with it has the browser see to that too, should a value ever get out of its place.
 */
final class MeshHtml {
  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:;"
              + " base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer");

  private final Html html = new Html();

  private MeshHtml() {}

  static Page page(MeshView view, Optional<Verdict> verdict) {
    MeshHtml page = new MeshHtml();
    page.write(view, verdict);
    return new Page(200, "text/html; charset=utf-8", page.html.toString(), HEADERS);
  }

  private void write(MeshView view, Optional<Verdict> verdict) {
    html.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n")
        .raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>")
        .text("Ops Proxy " + view.peer())
        .raw("</title>\n<link rel=\"icon\" href=\"data:,\"/>")
        .raw("<link rel=\"stylesheet\" href=\"/mesh.css\"/>")
        .raw("<script src=\"/mesh.js\" defer=\"defer\"></script></head><body>\n<header><h1>Peer ")
        .text(view.peer())
        .raw(
            "</h1>\n<p id=\"follow\" role=\"status\">as of the moment it was loaded</p></header>\n")
        .raw("<form method=\"get\" role=\"search\"><label for=\"name\">Is a name served?</label>")
        .raw("<input id=\"name\" name=\"name\" autocomplete=\"off\" spellcheck=\"false\" value=\"")
        .text(verdict.map(Verdict::name).orElse(""))
        .raw("\"/><button>Why?</button></form>\n");
    verdict.ifPresent(this::why);
    html.raw("<main id=\"mesh\">\n");
    problems(view);
    links(view);
    names(view);
    html.raw("</main>\n</body></html>\n");
  }

  private void why(Verdict verdict) {
    html.raw("<section id=\"why\" aria-label=\"Why\"><h2>")
        .text(verdict.name() + (verdict.served() ? " is served" : " is not served"))
        .raw("</h2>\n<ol>\n");
    for (Step step : verdict.steps()) {
      html.raw("<li><span class=\"")
          .raw(
              switch (step.result()) {
                case OK -> "good\">ok";
                case WARN -> "doubtful\">warn";
                case FAIL -> "bad\">FAIL";
                case SKIPPED -> "skipped\">--";
              })
          .raw("</span> ")
          .text(step.step() + " " + step.subject() + ": " + step.message());
      remedy(step.remedy());
      html.raw("</li>\n");
    }
    html.raw("</ol></section>\n");
  }

  private void remedy(String remedy) {
    if (!remedy.isEmpty()) {
      html.raw("<span class=\"remedy\">→ ").text(remedy).raw("</span>");
    }
  }

  private void problems(MeshView view) {
    html.raw("<h2>Problems</h2>\n");
    if (view.problems().isEmpty()) {
      html.raw("<p class=\"good\">none</p>\n");
      return;
    }
    html.raw("<ul>\n");
    for (Note one : view.problems()) {
      html.raw("<li><span class=\"bad\">").text(one.subject()).raw("</span>: ").text(one.message());
      remedy(one.remedy());
      html.raw("</li>\n");
    }
    html.raw("</ul>\n");
  }

  private void head(String... headings) {
    html.raw("<table><thead><tr>");
    for (String heading : headings) {
      html.raw("<th scope=\"col\">").text(heading).raw("</th>");
    }
    html.raw("</tr></thead><tbody>\n");
  }

  private void links(MeshView view) {
    html.raw("<h2>Links</h2>\n");
    if (view.links().isEmpty()) {
      html.raw("<p>none; peer.remote_peer_addr names peers to be dialled</p>\n");
      return;
    }
    head("Peer", "Address", "Direction", "State", "Since", "Names");
    for (PeerStatus link : view.links()) {
      boolean up = link.state().equals("connected");
      html.raw("<tr>")
          .cell("Peer", link.name())
          .cell("Address", link.address())
          .cell("Direction", link.direction())
          .raw("<td data-label=\"State\"><span class=\"")
          .raw(link.isDown() ? "bad" : "good")
          .raw("\">")
          .text(link.state())
          .raw("</span>")
          .text(link.error() == null ? "" : " " + link.error())
          .raw("</td>")
          .cell("Since", up ? link.since().toString() : "")
          .cell("Names", Integer.toString(link.names().size()))
          .raw("</tr>\n");
    }
    html.raw("</tbody></table>\n");
  }

  private void names(MeshView view) {
    html.raw("<h2>Names</h2>\n");
    if (view.names().isEmpty()) {
      html.raw("<p>none</p>\n");
      return;
    }
    head("Name", "Owner", "Health", "Open connections");
    for (MeshView.Name name : view.names()) {
      html.raw("<tr><td data-label=\"Name\"><a href=\"?name=")
          .text(name.name())
          .raw("\">")
          .text(name.name())
          .raw("</a></td>")
          .cell("Owner", name.owner())
          .raw("<td data-label=\"Health\"><span class=\"")
          .raw(name.well() ? "good" : "bad")
          .raw("\">")
          .text(name.health())
          .raw("</span></td>")
          .cell("Open connections", Integer.toString(name.connections()))
          .raw("</tr>\n");
    }
    html.raw("</tbody></table>\n");
    if (view.moreNames() > 0) {
      html.raw("<p>and ").text(view.moreNames() + " more: search above, or /status").raw("</p>\n");
    }
  }
}
