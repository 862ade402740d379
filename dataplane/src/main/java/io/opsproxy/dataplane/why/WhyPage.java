package io.opsproxy.dataplane.why;

import com.fasterxml.jackson.core.JsonGenerator;
import io.opsproxy.dataplane.admin.JsonText;
import io.opsproxy.dataplane.admin.Page;
import io.opsproxy.dataplane.admin.PageSource;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.route.NameTable.Match;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** {@code /why?name=NAME}: whether a client would be served, and what keeps it from being so. */
public final class WhyPage implements PageSource {
  private final Facts facts;
  private final Probes probes;

  public WhyPage(Facts facts, Probes probes) {
    this.facts = facts;
    this.probes = probes;
  }

  @Override
  public Page get(Map<String, List<String>> query) {
    throw new UnsupportedOperationException("this page comes late");
  }

  @Override
  public void get(Map<String, List<String>> query, Executor pages, Consumer<Page> answer) {
    List<String> names = query.getOrDefault("name", List.of());
    if (names.size() != 1 || names.get(0).isBlank()) {
      answer.accept(Page.text(400, "which name? /why?name=NAME"));
      return;
    }
    explain(names.get(0).strip(), pages, verdict -> answer.accept(json(verdict)));
  }

  /**
   * Whether a name is served. Any thread.
   *
   * @param pages where the answer is put together and given
   */
  public void explain(String asked, Executor pages, Consumer<Verdict> answer) {
    Optional<HostName> name =
        HostName.asWritten(asked)
            .filter(written -> facts.routes().local().get(written).isPresent())
            .or(() -> HostName.ofAuthority(asked))
            .or(() -> HostName.pattern(asked));
    if (name.isEmpty()) {
      answer.accept(new Verdict(asked, List.of(noName(asked))));
      return;
    }
    Diagnosis diagnosis = new Diagnosis(facts, name.get());
    Optional<Match<Upstream>> match = diagnosis.match();
    if (match.isEmpty()) {
      answer.accept(new Verdict(asked, diagnosis.steps(Optional.empty())));
      return;
    }
    probes.ask(
        match.get().rule().value(),
        match.get().target(),
        probe -> pages.execute(() -> answer.accept(new Verdict(asked, diagnosis.steps(probe)))));
  }

  private static Step noName(String asked) {
    return Step.fail(
        "name",
        asked,
        "this is no name that a connection could be routed by",
        asked.contains("://")
            ? "give the name alone, without " + asked.substring(0, asked.indexOf("://") + 3)
            : "names have letters, digits, '-', '_' and dots; labels of 1 to 63 characters");
  }

  private static Page json(Verdict verdict) {
    return JsonText.page(json -> write(json, verdict));
  }

  private static void write(JsonGenerator json, Verdict verdict) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", verdict.name());
    json.writeBooleanField("served", verdict.served());
    json.writeArrayFieldStart("steps");
    for (Step step : verdict.steps()) {
      json.writeStartObject();
      json.writeStringField("step", step.step());
      json.writeStringField("result", step.result().word());
      json.writeStringField("subject", step.subject());
      json.writeStringField("message", step.message());
      json.writeStringField("remedy", step.remedy());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
