package io.opsproxy.dataplane.admin;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opsproxy.dataplane.telemetry.Tail;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/**
 * {@code /tail?name=NAME&next=NUMBER}: connections that were opened and closed since the reader
 * asked last. The first answer, without {@code next}, is empty.
 */
public final class TailPage implements PageSource {
  private final Tail tail;

  public TailPage(Tail tail) {
    this.tail = tail;
  }

  @Override
  public Page get(Map<String, List<String>> query) {
    String name = first(query, "name");
    String next = first(query, "next");
    if (next.isEmpty()) {
      return page(tail.begin());
    }
    if (!next.matches("[1-9][0-9]{0,17}")) {
      return Page.text(400, "next is the number that the answer before has; without it, from now");
    }
    return page(tail.read(Long.parseLong(next), name));
  }

  private static String first(Map<String, List<String>> query, String key) {
    return query.getOrDefault(key, List.of("")).get(0).strip();
  }

  private static Page page(Tail.Excerpt excerpt) {
    return JsonText.page(json -> write(json, excerpt));
  }

  private static void write(JsonGenerator json, Tail.Excerpt excerpt) throws IOException {
    json.writeStartObject();
    json.writeNumberField("next", excerpt.next());
    json.writeNumberField("lost", excerpt.lost());
    json.writeArrayFieldStart("events");
    for (Tail.Event event : excerpt.events()) {
      Tail.Snapshot connection = event.connection();
      json.writeStartObject();
      json.writeStringField("time", event.time().toString());
      json.writeStringField("event", event.open() ? "open" : "close");
      json.writeStringField("id", connection.id());
      json.writeStringField("name", connection.name());
      json.writeStringField("rule", connection.rule());
      json.writeStringField("client", connection.client());
      json.writeStringField("upstream", connection.upstream());
      json.writeNumberField("bytesReceived", connection.received());
      json.writeNumberField("bytesSent", connection.sent());
      json.writeNumberField("durationMillis", connection.durationMillis());
      json.writeStringField("flags", connection.flags());
      json.writeStringField("reason", connection.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
