package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the connections of one name go: endpoints of this side, or peers that registered the name.
 */
public interface Upstream {

  /** The meters of the name. */
  NameMetrics metrics();

  /**
   * Gets a connection, trying one candidate after the other and none twice. The answer comes on
   * {@code loop}, once.
   *
   * @param client who the connection is for; empty when that is not known here, as for one that
   *     another peer forwards
   * @return a handle that gives up; after that there is no answer
   */
  Attempt connect(EventExecutor loop, Optional<ClientAddress> client, Listener listener);

  /**
   * The same for somebody who waits no longer than a limit: it is shared out among the candidates,
   * so that one that hangs does not cost the others their turn.
   *
   * @param limit for all candidates together, more than zero
   */
  default Attempt connect(
      EventExecutor loop, Optional<ClientAddress> client, Duration limit, Listener listener) {
    return connect(loop, client, listener);
  }

  /** A connect under way. On its loop only. */
  interface Attempt {
    /** Gives up. */
    void cancel();
  }

  /** The end of a connect. */
  interface Listener {
    /** Connected; the connection is the listener's now. */
    void connected(Connection connection);

    /** No candidate is left. */
    void failed(Failure failure);
  }

  /** A connected upstream. */
  interface Connection {
    /** Paused, on the loop that asked. */
    Stream stream();

    /** What was connected, for logs. */
    String description();

    /** Bytes that came before the stream was handed over and belong in front; mostly empty. */
    byte[] early();

    /**
     * How many bytes of what the client has {@link ClientAddress#said} are there already, from its
     * beginning; the rest is to be written.
     */
    default int replayed() {
      return 0;
    }

    /** How it is counted when the stream breaks. */
    ErrorReason brokenReason();

    /** To be called once, when the stream is closed. */
    void released();
  }

  /**
   * Why nothing could be connected.
   *
   * @param message one clause that names the object and the cause
   * @param lastTried the address that was dialled last, if any was
   */
  record Failure(ErrorReason reason, String message, Optional<InetSocketAddress> lastTried) {
    /** Before anything was dialled, or where that is not known here. */
    public Failure(ErrorReason reason, String message) {
      this(reason, message, Optional.empty());
    }
  }
}
