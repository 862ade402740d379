package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.Origin;
import io.opsproxy.dataplane.mesh.names.Standing;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.Optional;

/** A link of another peer, of which nothing is asked. */
final class ElsewhereLinked implements StreamOwner {
  @Override
  public DataSource source() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String describe() {
    return label();
  }

  @Override
  public Origin origin() {
    return Origin.accepted(new InetSocketAddress("127.0.0.1", 1));
  }

  @Override
  public Optional<Introduction> introduction() {
    return Optional.empty();
  }

  @Override
  public String label() {
    return "elsewhere";
  }

  @Override
  public Instant since() {
    return Instant.EPOCH;
  }

  @Override
  public boolean isUsable() {
    return true;
  }

  @Override
  public Standing standing() {
    return new Standing(() -> 0);
  }
}
