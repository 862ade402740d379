package io.opsproxy.dataplane.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages by path, and what is answered where there is none. */
final class PageSources {
  private static final Logger log = LoggerFactory.getLogger(PageSources.class);
  private final Map<String, PageSource> pages;

  PageSources(Map<String, PageSource> pages) {
    this.pages = Map.copyOf(pages);
  }

  /**
   * @param thread the one of the pages
   * @param answer gets the page, once, on that thread, maybe before this returns
   */
  void answer(PageRequest request, Executor thread, Consumer<Page> answer) {
    if (request.malformed()) {
      answer.accept(Page.text(400, "bad request"));
      return;
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    Map<String, List<String>> query;
    PageSource page;
    try {
      page = pages.get(uri.path());
      query = uri.parameters();
    } catch (RuntimeException e) {
      answer.accept(failed(request, e));
      return;
    }
    if (page == null) {
      answer.accept(
          Page.text(
              404,
              "no such page; there are "
                  + String.join(" ", pages.keySet().stream().sorted().toList())));
    } else if (!request.reads()) {
      answer.accept(Page.text(405, "only GET and HEAD"));
    } else {
      make(page, query, request, thread, answer);
    }
  }

  private static void make(
      PageSource page,
      Map<String, List<String>> query,
      PageRequest request,
      Executor thread,
      Consumer<Page> answer) {
    try {
      page.get(query, thread, answer);
    } catch (RuntimeException | StackOverflowError e) {
      answer.accept(failed(request, e));
    }
  }

  private static Page failed(PageRequest request, Throwable cause) {
    log.error("status page {} failed", request.uri(), cause);
    return Page.text(500, "this page failed; the log says why");
  }
}
