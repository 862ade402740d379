package io.opsproxy.operator.app;

import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.opsproxy.operator.render.ObjectKey;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of several operators only the one that holds a lease works. {@link #close} gives it back, so that
 * a standby takes over at once; one that is lost ends the process. Its client answers within
 * seconds and tries nothing twice, and whether the lease is lost is looked at by a thread that
 * never waits for a server. Thread-safe.
 */
final class Leadership implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private static final Duration PERIOD = Duration.ofMillis(2_500);
  private static final int TIMEOUT_MILLIS = 2_500;

  private final KubernetesClient client;
  private final ObjectKey name;
  private final String identity;
  private final Runnable work;
  private final Runnable lost;
  private final LeaseClock clock = new LeaseClock(System::nanoTime);
  private final ScheduledExecutorService candidate = thread("lease");
  private final ScheduledExecutorService watchdog = thread("lease-watchdog");
  private volatile boolean leading;
  private volatile boolean closed;
  private volatile String problem = "";
  private String leader = "";
  private Lease lease;

  /**
   * @param config how the server is reached
   * @param name of the lease
   * @param identity of this one among all
   * @param work is run once, when this one leads; returns soon
   * @param lost is run when it does not any more; nothing may be written after that
   */
  Leadership(Config config, ObjectKey name, String identity, Runnable work, Runnable lost) {
    client =
        new KubernetesClientBuilder()
            .withConfig(
                new ConfigBuilder(config)
                    .withRequestRetryBackoffLimit(0)
                    .withRequestTimeout(TIMEOUT_MILLIS)
                    .withConnectionTimeout(TIMEOUT_MILLIS)
                    .build())
            .build();
    this.name = name;
    this.identity = identity;
    this.work = work;
    this.lost = lost;
  }

  private static ScheduledExecutorService thread(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        task -> {
          Thread thread = new Thread(task, name);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** Returns at once. */
  void start() {
    candidate.execute(this::turn);
  }

  boolean leads() {
    return leading;
  }

  /** Why the lease cannot be had or read; empty when it can. */
  String problem() {
    return problem;
  }

  private void turn() {
    Duration next = PERIOD;
    try {
      next = leading ? renew() : acquire();
      problem = "";
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        // Somebody was faster; the next look shows who.
        lease = null;
        next = Duration.ofMillis(100);
      } else {
        problem = "lease " + name + ": " + firstLine(e.getMessage());
        log.warn("{}", problem);
      }
    } catch (RuntimeException e) {
      // The turns must go on: without them the watchdog would end a healthy leader.
      log.error("lease {}", name, e);
    }
    if (!closed) {
      candidate.schedule(this::turn, next.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  private static String firstLine(String text) {
    return text == null ? "no answer" : text.lines().findFirst().orElse("no answer");
  }

  /** Looks who leads, and takes a lease that nobody holds. */
  private Duration acquire() {
    long sent = System.nanoTime();
    lease = client.leases().inNamespace(name.namespace()).withName(name.name()).get();
    if (lease == null) {
      taken(client.resource(mine(null)).create(), sent);
      return PERIOD;
    }
    clock.saw(lease.getMetadata().getResourceVersion());
    String holder = lease.getSpec() == null ? null : lease.getSpec().getHolderIdentity();
    boolean free = holder == null || holder.isEmpty();
    tell(free ? "" : holder);
    Duration wait = free ? Duration.ZERO : clock.untilFree();
    if (!wait.isZero()) {
      return wait.compareTo(PERIOD) < 0 ? wait.plusMillis(10) : PERIOD;
    }
    sent = System.nanoTime();
    taken(client.resource(mine(lease)).update(), sent);
    return PERIOD;
  }

  private void taken(Lease ours, long sent) {
    lease = ours;
    synchronized (clock) {
      clock.renewed(ours.getMetadata().getResourceVersion(), sent);
    }
    leading = true;
    tell(identity);
    watchdog.scheduleAtFixedRate(this::watch, 250, 250, TimeUnit.MILLISECONDS);
    work.run();
  }

  private Duration renew() {
    long sent = System.nanoTime();
    if (lease == null) {
      Lease now = client.leases().inNamespace(name.namespace()).withName(name.name()).get();
      if (now == null || !identity.equals(now.getSpec().getHolderIdentity())) {
        tell(now == null ? "" : now.getSpec().getHolderIdentity());
        end("the lease was taken by another one");
        return PERIOD;
      }
      lease = now;
    }
    lease = client.resource(mine(lease)).update();
    synchronized (clock) {
      clock.renewed(lease.getMetadata().getResourceVersion(), sent);
    }
    return PERIOD;
  }

  private Lease mine(Lease before) {
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
    LeaseSpec spec =
        before == null || before.getSpec() == null ? new LeaseSpec() : before.getSpec();
    boolean ours = identity.equals(spec.getHolderIdentity());
    int transitions = spec.getLeaseTransitions() == null ? 0 : spec.getLeaseTransitions();
    LeaseBuilder lease = before == null ? new LeaseBuilder() : new LeaseBuilder(before);
    return lease
        .editOrNewMetadata()
        .withNamespace(name.namespace())
        .withName(name.name())
        .endMetadata()
        .withNewSpec()
        .withHolderIdentity(identity)
        .withLeaseDurationSeconds((int) LeaseClock.LEASE.toSeconds())
        .withAcquireTime(ours ? spec.getAcquireTime() : now)
        .withRenewTime(now)
        .withLeaseTransitions(ours ? transitions : transitions + 1)
        .endSpec()
        .build();
  }

  private void watch() {
    boolean late;
    synchronized (clock) {
      late = clock.lost();
    }
    if (late) {
      end("the lease could not be renewed for " + LeaseClock.DEADLINE.toSeconds() + " s");
    }
  }

  /** Another one may lead soon: nothing may be written any more. */
  private void end(String why) {
    if (leading && !closed) {
      leading = false;
      log.error("{}; ending, so that a new start follows the new leader", why);
      lost.run();
    }
  }

  private void tell(String now) {
    if (!now.equals(leader)) {
      leader = now;
      log.info(
          "leader: {}{}", now.isEmpty() ? "none" : now, now.equals(identity) ? " (this one)" : "");
    }
  }

  /** Gives the lease back if it is ours. */
  @Override
  public void close() {
    closed = true;
    boolean release = leading;
    leading = false;
    watchdog.shutdownNow();
    candidate.shutdown();
    try {
      // A renewal may be on its way.
      if (!candidate.awaitTermination(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        candidate.shutdownNow();
      } else if (release && lease != null) {
        client
            .resource(
                new LeaseBuilder(lease)
                    .editSpec()
                    .withHolderIdentity("")
                    .withLeaseDurationSeconds(1)
                    .endSpec()
                    .build())
            .update();
      }
    } catch (KubernetesClientException e) {
      log.info("the lease could not be given back, and runs out: {}", firstLine(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    client.close();
  }
}
