package io.opsproxy.operator.app;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.opsproxy.operator.render.Labels;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Of several operators only the one that holds a lease works. {@link #close} gives it back, so that
 * a standby takes over at once; one that is lost ends the process. Thread-safe.
 */
final class Leadership implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Leadership.class);

  private static final Duration LEASE = Duration.ofSeconds(15);
  private static final Duration RENEWAL = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final KubernetesClient client;
  private final String namespace;
  private final String identity;
  private volatile boolean closed;
  private volatile CompletableFuture<?> election = CompletableFuture.completedFuture(null);

  /**
   * @param namespace of the lease
   * @param identity of this one among all
   */
  Leadership(KubernetesClient client, String namespace, String identity) {
    this.client = client;
    this.namespace = namespace;
    this.identity = identity;
  }

  /**
   * Returns at once.
   *
   * @param work is run once, when this one leads
   */
  void start(Runnable work) {
    election =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(Labels.MANAGER)
                    .withLock(new LeaseLock(namespace, Labels.MANAGER, identity))
                    .withLeaseDuration(LEASE)
                    .withRenewDeadline(RENEWAL)
                    .withRetryPeriod(RETRY)
                    .withReleaseOnCancel(true)
                    .withLeaderCallbacks(new LeaderCallbacks(work, this::lost, this::leads))
                    .build())
            .build()
            .start();
  }

  private void leads(String leader) {
    log.info("leader: {}{}", leader, leader.equals(identity) ? " (this one)" : "");
  }

  private void lost() {
    if (!closed) {
      // Another one may lead already: nothing may be written any more.
      log.error("the lease was lost; ending, so that a new start follows the new leader");
      Runtime.getRuntime().halt(1);
    }
  }

  @Override
  public void close() {
    closed = true;
    election.cancel(true);
  }
}
