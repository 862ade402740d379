package io.opsproxy.dataplane.relay;

import io.opsproxy.dataplane.config.model.UpstreamPolicy.TcpKeepalive;
import java.util.Optional;

/**
 * How a dialled socket is set up.
 *
 * @param keepalive probes while nothing is sent; empty leaves them off
 */
public record DialOptions(Optional<TcpKeepalive> keepalive) {
  /** The system's defaults. */
  public static final DialOptions NONE = new DialOptions(Optional.empty());
}
