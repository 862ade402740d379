package io.opsproxy.dataplane.view;

import io.opsproxy.dataplane.admin.Page;
import io.opsproxy.dataplane.admin.PageSource;
import io.opsproxy.dataplane.why.Facts;
import io.opsproxy.dataplane.why.Verdict;
import io.opsproxy.dataplane.why.WhyPage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The mesh as this peer sees it, for people; {@code ?name=} explains a name, {@code ?format=text}
 * is for terminals.
 */
public final class MeshPage implements PageSource {
  private final Facts facts;
  private final WhyPage why;

  private MeshPage(Facts facts, WhyPage why) {
    this.facts = facts;
    this.why = why;
  }

  /** The page and what belongs to it, by path. */
  public static Map<String, PageSource> of(Facts facts, WhyPage why) {
    MeshPage page = new MeshPage(facts, why);
    Page style = file("mesh.css", "text/css; charset=utf-8");
    Page script = file("mesh.js", "text/javascript; charset=utf-8");
    return Map.of(
        "/", page, "/mesh", page, "/mesh.css", query -> style, "/mesh.js", query -> script);
  }

  private static Page file(String name, String type) {
    try (InputStream file = MeshPage.class.getResourceAsStream(name)) {
      return new Page(200, type, new String(file.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Page get(Map<String, List<String>> query) {
    return page(query, Optional.empty());
  }

  @Override
  public void get(Map<String, List<String>> query, Executor pages, Consumer<Page> answer) {
    String name = first(query, "name").strip();
    if (name.isEmpty()) {
      answer.accept(get(query));
    } else {
      why.explain(name, pages, verdict -> answer.accept(page(query, Optional.of(verdict))));
    }
  }

  private Page page(Map<String, List<String>> query, Optional<Verdict> verdict) {
    MeshView view = MeshView.of(facts);
    return first(query, "format").equals("text")
        ? MeshText.page(view, verdict)
        : MeshHtml.page(view, verdict);
  }

  private static String first(Map<String, List<String>> query, String name) {
    List<String> values = query.getOrDefault(name, List.of());
    return values.isEmpty() ? "" : values.get(0);
  }
}
