package io.opsproxy.dataplane.admin;

/** The page at {@code /}: what there is, and what it is for. */
final class StartPage {
  private static final String[][] LINKS = {
    {"/certs", "Certificates by which this peer is known to others"},
    {
      "/stats",
      "Counters and gauges of clusters and of this process, one a line; ?filter=REGEX, ?format=json, ?format=prometheus"
    },
    {
      "/clusters",
      "Each endpoint of each cluster: connections, failures, health flags, weight; ?format=json"
    },
    {"/listeners", "Listeners with the addresses that they are bound to; ?format=json"},
    {"/memory", "The heap"},
    {
      "/config_dump",
      "The configuration in force, as JSON; ?include_eds, ?resource=FIELD, ?mask=FIELDS"
    },
    {"/runtime", "Runtime layers: none"},
    {"/ready", "LIVE while clients are served"},
    {"/mesh", "The mesh as this peer sees it: problems, links, names; why a name is served or not"},
    {"/server_info", "Version, state and uptime"},
  };

  private StartPage() {}

  static Page render() {
    StringBuilder html = new StringBuilder();
    html.append(
            "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Ops Proxy admin</title>\n")
        .append(
            "<style>body{font-family:sans-serif;margin:2em}td{padding:.3em 1em .3em 0}</style></head><body>\n")
        .append("<h1>Ops Proxy admin</h1>\n<table>\n");
    for (String[] link : LINKS) {
      html.append("<tr><td><a href=\"")
          .append(link[0])
          .append("\">")
          .append(link[0])
          .append("</a></td><td>")
          .append(link[1])
          .append("</td></tr>\n");
    }
    html.append(
        "</table>\n<p>These pages only read. Nothing here changes state.</p>\n</body></html>\n");
    return new Page(200, "text/html; charset=utf-8", html.toString());
  }
}
