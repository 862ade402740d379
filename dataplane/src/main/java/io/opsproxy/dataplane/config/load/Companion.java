package io.opsproxy.dataplane.config.load;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.read.NamedFiles;
import java.util.Optional;

/**
 * Reads the files that a configuration names and that are none themselves, such as certificates, at
 * each load. What is wrong with them refuses the configuration as anything else does, and a change
 * of one is a change of the configuration.
 */
public interface Companion {

  /** What is made of the files; goes with the configuration, and is in force with it. */
  interface Product {}

  /** Nobody who has an identity comes this way. */
  Companion NONE =
      new Companion() {
        @Override
        public Optional<Product> read(Config config, NamedFiles files, Problems problems) {
          return Optional.empty();
        }
      };

  /**
   * @param config only worth something when there are no problems that are errors
   * @param files reads them
   * @return empty where there is nothing to make, or when that is not possible, which is reported
   */
  Optional<Product> read(Config config, NamedFiles files, Problems problems);
}
