package io.opsproxy.dataplane.mesh.stream;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.cluster.ClientAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.util.Optional;

/** How a stream to an owner is had. Any thread; answers come on the loop that asked. */
public interface DataSource {

  /**
   * Asks for a stream to a name that the owner advertises. The answer never comes before this
   * returns.
   *
   * @param passage which way it has come, and whom it is for
   * @param loop of the caller
   * @param client who it is for, and what it has said
   */
  Request open(
      HostName name,
      Passage passage,
      NameMetrics metrics,
      EventExecutor loop,
      Optional<ClientAddress> client,
      Answer answer);

  /**
   * A stream that was had.
   *
   * @param stream on the loop that asked, paused
   * @param early bytes that came before it was handed over, and belong in front
   * @param replayed bytes of the client that its owner has already
   * @param released to be run once, when the stream is closed
   */
  record Brought(Stream stream, byte[] early, int replayed, Runnable released) {}

  /** A question under way. On the loop that asked. */
  interface Request {
    /** Gives up; there is no answer after this. */
    void cancel();
  }

  /** The answer, once. */
  interface Answer {
    /** It is the asker's now. */
    void connected(Brought brought);

    /**
     * @param message one clause that names the peer and the cause
     */
    void failed(ErrorReason reason, String message);
  }
}
