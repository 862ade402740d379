package io.opsproxy.dataplane.config.load;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problem;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What came of reading the configuration.
 *
 * @param config empty when any problem is an error
 * @param hash lower-case hexadecimal SHA-256 of the file's bytes; of no bytes when there is no
 *     file; where Envoy's bootstrap names other files, over the bytes of all, one after the other
 *     in the order of {@code files}
 * @param source the file's path as it was given; empty without one
 * @param problems everything found: that of the files by line, then of variables, flags and
 *     defaults
 * @param files every file that was read or looked for, the one of {@code source} first; a change of
 *     any is a change of the configuration
 * @param named files that the configuration names and that are none themselves, such as
 *     certificates; followed as well, and no part of the hash
 * @param namedHash tells one content of those from the next
 * @param product what the {@link Companion} made of them
 */
public record LoadResult(
    Optional<Config> config,
    String hash,
    String source,
    List<Problem> problems,
    List<Path> files,
    List<Path> named,
    String namedHash,
    Optional<Companion.Product> product) {
  public LoadResult {
    problems = List.copyOf(problems);
    files = List.copyOf(files);
    named = List.copyOf(named);
  }

  /** Without a companion. */
  public LoadResult(
      Optional<Config> config,
      String hash,
      String source,
      List<Problem> problems,
      List<Path> files) {
    this(config, hash, source, problems, files, List.of(), "", Optional.empty());
  }

  /** Of one file, or none. */
  public LoadResult(Optional<Config> config, String hash, String source, List<Problem> problems) {
    this(config, hash, source, problems, source.isEmpty() ? List.of() : List.of(Path.of(source)));
  }
}
