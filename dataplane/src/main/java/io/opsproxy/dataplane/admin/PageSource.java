package io.opsproxy.dataplane.admin;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Makes a page when it is asked for. */
@FunctionalInterface
public interface PageSource {
  /**
   * @param query values by name, decoded
   */
  Page get(Map<String, List<String>> query);

  /**
   * The same for a page that may have to wait for something; this one waits for nothing.
   *
   * @param pages the thread of the pages
   * @param answer gets the page, once, on that thread, maybe before this returns
   */
  default void get(Map<String, List<String>> query, Executor pages, Consumer<Page> answer) {
    answer.accept(get(query));
  }
}
