package io.opsproxy.dataplane.mesh.names;

import java.time.Instant;

/** Another peer that serves names, as far as it is known through one link to it. Any thread. */
public interface Owner {

  /** What it calls itself, else its address. For people; two owners may have the same. */
  String label();

  /** Since when it is linked. */
  Instant since();

  /** Whether a request may be sent to it now. */
  boolean isUsable();
}
