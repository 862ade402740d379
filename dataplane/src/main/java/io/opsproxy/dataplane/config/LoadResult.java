package io.opsproxy.dataplane.config;

import java.util.List;
import java.util.Optional;

/**
 * What came of reading the configuration.
 *
 * @param config empty when any problem is an error
 * @param hash lower-case hexadecimal SHA-256 of the file's bytes; of no bytes when there is no file
 * @param source the file's path as it was given; empty without one
 * @param problems everything found: that of the file by line, then of variables, flags and defaults
 */
public record LoadResult(
    Optional<Config> config, String hash, String source, List<Problem> problems) {
  public LoadResult {
    problems = List.copyOf(problems);
  }
}
