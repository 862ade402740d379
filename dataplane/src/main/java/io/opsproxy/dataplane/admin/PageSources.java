package io.opsproxy.dataplane.admin;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pages by path, and what is answered where there is none. */
final class PageSources {
  private static final Logger log = LoggerFactory.getLogger(PageSources.class);
  private final Map<String, PageSource> pages;

  PageSources(Map<String, PageSource> pages) {
    this.pages = Map.copyOf(pages);
  }

  Page answer(PageRequest request) {
    if (request.malformed()) {
      return Page.text(400, "bad request");
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    try {
      PageSource page = pages.get(uri.path());
      if (page == null) {
        return Page.text(
            404,
            "no such page; there are "
                + String.join(" ", pages.keySet().stream().sorted().toList()));
      }
      if (!request.reads()) {
        return Page.text(405, "only GET and HEAD");
      }
      return page.get(uri.parameters());
    } catch (RuntimeException | StackOverflowError e) {
      log.error("status page {} failed", request.uri(), e);
      return Page.text(500, "this page failed; the log says why");
    }
  }
}
