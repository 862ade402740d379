package io.opsproxy.dataplane.admin;

import java.util.List;
import java.util.Map;

/** Makes a page when it is asked for. */
@FunctionalInterface
public interface PageSource {
  /**
   * @param query values by name, decoded
   */
  Page get(Map<String, List<String>> query);
}
