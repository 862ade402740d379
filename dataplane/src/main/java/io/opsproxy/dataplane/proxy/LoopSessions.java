package io.opsproxy.dataplane.proxy;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.model.LimitSettings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** The sessions of one event loop. On that loop only. */
final class LoopSessions {
  private final Set<Session> sessions = new HashSet<>();
  private final Undecided undecided;
  private final AtomicInteger all;
  private final int loops;

  /**
   * @param all counts the sessions of all loops
   * @param sniffing counts the undecided ones of all loops
   * @param loops how many loops share the limits
   */
  LoopSessions(EventExecutor loop, AtomicInteger all, AtomicInteger sniffing, int loops) {
    this.undecided = new Undecided(loop, sniffing);
    this.all = all;
    this.loops = loops;
  }

  void add(Session session) {
    sessions.add(session);
    all.incrementAndGet();
  }

  /** Returns whether it was there. */
  boolean remove(Session session) {
    boolean there = sessions.remove(session);
    if (there) {
      all.decrementAndGet();
    }
    return there;
  }

  /**
   * Connections are dealt out to the loops in turn, so each loop enforces its share of a limit
   * without asking others.
   */
  void undecided(Undecided.Entry entry, LimitSettings limits) {
    undecided.add(entry, share(limits.maxSniffing()), share(limits.maxSniffingPerSource()));
  }

  void decided(Undecided.Entry entry) {
    undecided.remove(entry);
  }

  void stopSilent() {
    List.copyOf(sessions).forEach(Session::stopIfSilent);
  }

  void stopAll() {
    List.copyOf(sessions).forEach(Session::stop);
  }

  private int share(int limit) {
    return limit == 0 ? Integer.MAX_VALUE : Math.max(1, limit / loops);
  }
}
