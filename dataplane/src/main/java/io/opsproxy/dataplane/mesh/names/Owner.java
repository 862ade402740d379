package io.opsproxy.dataplane.mesh.names;

import java.time.Instant;
import java.util.Optional;

/** Another peer that serves names, as far as it is known through one link to it. Any thread. */
public interface Owner {

  /** Where the link leads, or where it came from: what is known of it without its word. */
  Origin origin();

  /** What it says of itself. */
  Optional<Introduction> introduction();

  /** Its verified id; empty where there is none. */
  default Optional<String> identity() {
    return Optional.empty();
  }

  /** What it calls itself, else its address. For people; two owners may have the same. */
  String label();

  /** Since when it is linked. */
  Instant since();

  /** Whether a request may be sent to it now. */
  boolean isUsable();

  /** How it has answered so far. */
  Standing standing();
}
