package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.load.Companion;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.read.NamedFiles;
import java.time.InstantSource;
import java.util.Optional;

/** Adds {@link Credentials} to each configuration that has an identity. Thread-safe. */
public final class CredentialsReader implements Companion {

  /** The credentials that go with a configuration; empty without {@code mesh.identity}. */
  public static Optional<Credentials> of(LoadResult loaded) {
    return loaded.product().isPresent()
        ? Optional.of((Credentials) loaded.product().get())
        : Optional.empty();
  }

  @Override
  public Optional<Product> read(Config config, NamedFiles files, Problems problems) {
    // a peer without an identity loads nothing of all this
    if (config.mesh().identity().isEmpty()) {
      return Optional.empty();
    }
    Optional<Credentials> read =
        CredentialsFiles.read(config.mesh(), files, problems, InstantSource.system());
    return read.isPresent() ? Optional.of(read.get()) : Optional.empty();
  }
}
