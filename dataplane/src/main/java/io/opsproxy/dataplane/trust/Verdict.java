package io.opsproxy.dataplane.trust;

import java.time.Instant;
import java.util.Optional;

/** What {@link Trust} says of somebody who shows certificates. */
public sealed interface Verdict {

  /**
   * It may link.
   *
   * @param expires when the first certificate on the way to the authority ends; the link is cut
   *     then
   * @param grant what it may do here
   */
  record Admitted(PeerId id, Instant expires, Grant grant) implements Verdict {}

  /**
   * It may not.
   *
   * @param id what the certificate says, believed or not; for messages only
   * @param message names the peer, where it has an id, and the cause
   * @param remedy the way out
   */
  record Refused(Refusal reason, Optional<PeerId> id, String message, String remedy)
      implements Verdict {}
}
