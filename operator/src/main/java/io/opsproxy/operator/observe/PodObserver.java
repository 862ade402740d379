package io.opsproxy.operator.observe;

import io.opsproxy.operator.render.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every pod of every peer what it runs: often while it lags behind, seldom afterwards. Says
 * which peer has news; what the news are is then read here. Thread-safe: all state belongs to this
 * object's lock, and nothing is called while it is held.
 */
public final class PodObserver {
  private static final Logger log = LoggerFactory.getLogger(PodObserver.class);

  private static final long FIRST_MILLIS = 50;
  private static final long LAGGING_MILLIS = 500;
  private static final long STEADY_MILLIS = 5_000;

  /** A pod that does not answer once may be busy; one that does not this often is not there. */
  private static final int SILENT_AFTER = 3;

  private final StatusClient client;
  private final ScheduledExecutorService scheduler;
  private final Nudger nudger;
  private final Consumer<ObjectKey> news;
  private final Map<String, Watched> pods = new HashMap<>();

  /** Writes the annotation of a pod. */
  @FunctionalInterface
  public interface Nudger {
    void nudge(ObjectKey pod, String annotation);
  }

  /** What is known of one pod. */
  private static final class Watched {
    private final ObjectKey peer;
    private final Nudge nudge = new Nudge(System::nanoTime);
    private PodTarget target;
    private String wanted;
    private PodReport report;

    /** Names what it said last. */
    private String state = "";

    /** The annotation that was written last, which the target may not show yet. */
    private String written = "";

    private String problem = "";
    private int silent;
    private long pause = FIRST_MILLIS;

    /** Counts the chains of questions; only the newest goes on. */
    private int turn;

    private Watched(ObjectKey peer) {
      this.peer = peer;
    }
  }

  /**
   * @param news is told the peer of a pod that says something else than before
   */
  public PodObserver(
      StatusClient client,
      ScheduledExecutorService scheduler,
      Nudger nudger,
      Consumer<ObjectKey> news) {
    this.client = client;
    this.scheduler = scheduler;
    this.nudger = nudger;
    this.news = news;
  }

  /**
   * From now on these are the pods of the peer, and this is what they are to run. Pods that are not
   * named any more are forgotten.
   */
  public void expect(ObjectKey peer, String hash, List<PodTarget> targets) {
    synchronized (pods) {
      pods.values()
          .removeIf(
              pod ->
                  pod.peer.equals(peer)
                      && targets.stream().noneMatch(t -> t.uid().equals(pod.target.uid())));
      for (PodTarget target : targets) {
        Watched pod = pods.computeIfAbsent(target.uid(), uid -> new Watched(peer));
        boolean changed =
            !target.equals(pod.target) && (pod.target == null || !sameAddress(target, pod.target));
        changed |= !hash.equals(pod.wanted);
        pod.target = target;
        pod.wanted = hash;
        if (changed) {
          pod.pause = FIRST_MILLIS;
          schedule(pod, 0);
        }
      }
    }
  }

  private static boolean sameAddress(PodTarget a, PodTarget b) {
    return a.ip().equals(b.ip()) && a.port() == b.port();
  }

  /** The peer is gone. */
  public void forget(ObjectKey peer) {
    synchronized (pods) {
      pods.values().removeIf(pod -> pod.peer.equals(peer));
    }
  }

  /** What the pod last said; empty before it was asked with success. */
  public Optional<PodReport> report(String uid) {
    synchronized (pods) {
      Watched pod = pods.get(uid);
      return pod == null ? Optional.empty() : Optional.ofNullable(pod.report);
    }
  }

  /** Why the pod has not answered for a while; empty while it does, or before it was asked. */
  public String silence(String uid) {
    synchronized (pods) {
      Watched pod = pods.get(uid);
      return pod == null || pod.silent < SILENT_AFTER ? "" : pod.problem;
    }
  }

  private void schedule(Watched pod, long millis) {
    int turn = ++pod.turn;
    scheduler.schedule(() -> ask(pod, turn), millis, TimeUnit.MILLISECONDS);
  }

  private void ask(Watched pod, int turn) {
    PodTarget target;
    String annotation;
    String known;
    synchronized (pods) {
      if (pod.turn != turn || pods.get(pod.target.uid()) != pod) {
        return;
      }
      target = pod.target;
      known = pod.report == null ? "" : pod.state;
      annotation =
          pod.nudge.due(
              pod.wanted,
              pod.report == null ? "" : pod.report.hash(),
              pod.report != null && !pod.report.errors().isEmpty(),
              pod.written.startsWith(pod.wanted) ? pod.written : target.annotation());
      if (!annotation.isEmpty()) {
        pod.written = annotation;
      }
    }
    if (!annotation.isEmpty()) {
      nudge(target, annotation);
    }
    client
        .ask(target.ip(), target.port(), known)
        .whenComplete((answer, problem) -> answered(pod, turn, answer, problem));
  }

  private void nudge(PodTarget target, String annotation) {
    try {
      nudger.nudge(target.key(), annotation);
    } catch (RuntimeException e) {
      // The pod may be gone; if not, it is told again.
      log.info("pod {}: the annotation could not be written: {}", target.key(), e.toString());
    }
  }

  private void answered(Watched pod, int turn, PodAnswer answer, Throwable problem) {
    boolean tell;
    synchronized (pods) {
      if (pods.get(pod.target.uid()) != pod) {
        return;
      }
      String silenceBefore = pod.silent < SILENT_AFTER ? "" : pod.problem;
      if (answer != null) {
        PodReport report = answer.report().orElse(pod.report);
        tell = !report.equals(pod.report) || !silenceBefore.isEmpty();
        pod.report = report;
        pod.state = answer.state();
        pod.silent = 0;
        pod.problem = "";
      } else {
        pod.silent++;
        Throwable cause = problem.getCause() == null ? problem : problem.getCause();
        pod.problem = cause.getMessage() == null ? cause.toString() : cause.getMessage();
        tell = pod.silent == SILENT_AFTER;
      }
      if (pod.turn == turn) {
        schedule(pod, pause(pod));
      }
    }
    if (tell) {
      news.accept(pod.peer);
    }
  }

  private static long pause(Watched pod) {
    if (pod.report != null && pod.silent == 0 && pod.report.hash().equals(pod.wanted)) {
      return STEADY_MILLIS;
    }
    long pause = pod.pause;
    pod.pause = Math.min(LAGGING_MILLIS, pause * 2);
    return pause;
  }
}
