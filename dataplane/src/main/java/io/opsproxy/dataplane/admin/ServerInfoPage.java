package io.opsproxy.dataplane.admin;

/** {@code /server_info}. */
final class ServerInfoPage {
  private ServerInfoPage() {}

  static Page render(EnvoyPages.Source source) {
    return JsonText.page(
        json -> {
          String uptime = (long) source.uptimeSeconds() + "s";
          json.writeStartObject();
          json.writeStringField("version", "ops-proxy/" + source.version());
          json.writeStringField("state", source.draining() ? "DRAINING" : "LIVE");
          json.writeStringField("hot_restart_version", "disabled");
          json.writeStringField("uptime_current_epoch", uptime);
          json.writeStringField("uptime_all_epochs", uptime);
          json.writeObjectFieldStart("command_line_options");
          json.writeNumberField("concurrency", source.loops());
          json.writeStringField("mode", "Serve");
          json.writeStringField(
              "drain_time", source.configuration().peer().drainTimeout().toSeconds() + "s");
          json.writeEndObject();
          json.writeObjectFieldStart("node");
          json.writeStringField("id", source.configuration().peer().name());
          json.writeEndObject();
          json.writeEndObject();
        });
  }
}
