package io.opsproxy.dataplane.cluster;

import java.util.function.Consumer;

/**
 * One way to ask one endpoint how it is, again and again, never twice at a time. On the watching
 * loop. Limits on the time of a whole probe are the caller's business.
 */
interface Probe {

  /** Asks; the answer comes once, maybe before this returns. */
  void begin(Consumer<CheckResult> done);

  /** What it waits for, in words that go behind "no answer to". */
  String waitingFor();

  /** Gives up; no answer comes any more. */
  void cancel();
}
