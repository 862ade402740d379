package io.opsproxy.operator.apply;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * What is remembered of one child: when it may be written next, and what was wrong with it. An
 * intent that is another one than before is written at once; the same again only after a pause that
 * grows, so that neither a server that refuses nor a rival who writes is overrun. Not thread-safe:
 * of one peer's look.
 */
final class ChildState {
  /** So often in {@link #WINDOW} the same intent had to be written again: somebody undoes it. */
  private static final int CONTESTED = 4;

  private static final Duration WINDOW = Duration.ofMinutes(2);

  /** How long a write may take to come back through the watch. */
  private static final Duration ECHO = Duration.ofSeconds(5);

  private final LongSupplier nanos;
  private final Deque<Long> rewrites = new ArrayDeque<>();
  private final Set<String> rivals = new TreeSet<>();
  private String digest = "";
  private String seenVersion = "";
  private long written;
  private boolean echo;
  private boolean delayed;
  private long until;
  private long next;
  private int failures;
  private Optional<Trouble> trouble = Optional.empty();
  private HasMetadata desired;
  private HasMetadata live;

  /**
   * @param nanos a clock such as System::nanoTime
   */
  ChildState(LongSupplier nanos) {
    this.nanos = nanos;
    next = nanos.getAsLong();
  }

  /** What keeps the child from being as it should; empty when nothing does. */
  Optional<Trouble> trouble() {
    return trouble;
  }

  /** Whether these very objects were compared before, and agreed. */
  @SuppressWarnings("ReferenceEquality") // The same object cannot differ; another one may.
  boolean agreed(HasMetadata desired, HasMetadata live) {
    return this.desired == desired && this.live == live && live != null;
  }

  /** The child is as it should be. */
  void agree(HasMetadata desired, HasMetadata live) {
    this.desired = desired;
    this.live = live;
    failures = 0;
    echo = false;
    delayed = false;
    long now = nanos.getAsLong();
    trouble = contested(live);
    if (rewrites.isEmpty()) {
      next = now;
      rivals.clear();
    }
  }

  /**
   * Whether the intent may be written now.
   *
   * @param digest of the intent
   * @param version of the live object as it was found; empty when there is none
   */
  boolean due(String digest, String version) {
    delayed = false;
    if (!digest.equals(this.digest)) {
      return true;
    }
    delayed = true;
    long now = nanos.getAsLong();
    if (echo && version.equals(seenVersion) && now - written < ECHO.toNanos()) {
      // The watch has not told of our own write yet.
      until = written + ECHO.toNanos();
      return false;
    }
    until = next;
    delayed = now - next < 0;
    return !delayed;
  }

  /** It was written. */
  void wrote(String digest, String version, HasMetadata found) {
    long now = nanos.getAsLong();
    boolean again = digest.equals(this.digest) && failures == 0;
    this.digest = digest;
    seenVersion = version;
    written = now;
    echo = true;
    failures = 0;
    trouble = Optional.empty();
    if (again) {
      rewrites.addLast(now);
      rivals.addAll(found == null ? List.of() : Ownership.others(found));
      next = now + Backoff.after(recent(now)).toNanos();
      trouble = contested(found);
    } else {
      rewrites.clear();
      next = now + Backoff.after(1).toNanos();
    }
  }

  /** It could not be written, or even looked at. */
  void failed(String digest, Trouble problem) {
    this.digest = digest;
    echo = false;
    failures++;
    trouble = Optional.of(problem);
    next = nanos.getAsLong() + Backoff.after(failures).toNanos();
  }

  /** It belongs to somebody else; looked at again soon, for that may end. */
  void foreign(Trouble problem, Duration again) {
    echo = false;
    failures = 0;
    trouble = Optional.of(problem);
    next = nanos.getAsLong() + again.toNanos();
  }

  /** Whether it is time to look again at what was not ours. */
  boolean lookDue() {
    return nanos.getAsLong() - next >= 0;
  }

  /** Whether something is to be done later that no news will remind us of. */
  boolean later() {
    return trouble.isPresent() || delayed || echo;
  }

  /** Until the next write or look may happen. */
  Duration pause() {
    long then = delayed ? until : echo ? written + ECHO.toNanos() : next;
    return Duration.ofNanos(Math.max(0, then - nanos.getAsLong()));
  }

  /** Whether a write is on its way back to us. */
  boolean pending() {
    return echo;
  }

  private int recent(long now) {
    while (!rewrites.isEmpty() && now - rewrites.peekFirst() > WINDOW.toNanos()) {
      rewrites.removeFirst();
    }
    return Math.max(1, rewrites.size());
  }

  private Optional<Trouble> contested(HasMetadata found) {
    recent(nanos.getAsLong());
    return rewrites.size() < CONTESTED || found == null
        ? Optional.empty()
        : Optional.of(Trouble.contested(found, rivals, rewrites.size(), WINDOW));
  }
}
