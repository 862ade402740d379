package io.opsproxy.operator.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.ControllerConfigurationOverrider;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.processing.event.rate.LinearRateLimiter;
import io.javaoperatorsdk.operator.processing.retry.GenericRetry;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.peer.Logging;
import io.opsproxy.operator.apply.Applier;
import io.opsproxy.operator.apply.EventRecorder;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.cluster.OptionalKinds;
import io.opsproxy.operator.cluster.TriggerSource;
import io.opsproxy.operator.cluster.Triggers;
import io.opsproxy.operator.identity.Identities;
import io.opsproxy.operator.identity.OperatorAuthority;
import io.opsproxy.operator.observe.PodObserver;
import io.opsproxy.operator.observe.StatusClient;
import io.opsproxy.operator.peer.Outcomes;
import io.opsproxy.operator.peer.PeerReconciler;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.render.Options;
import io.opsproxy.operator.service.ServiceReconciler;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The operator. Waits, without end, for an API server that knows its kinds; then fills its caches;
 * then works, alone or once it leads. {@link #close} gives the lease back. Thread-safe.
 */
public final class OperatorProcess implements AutoCloseable, Triggers {
  private static final Logger log = LoggerFactory.getLogger(OperatorProcess.class);

  private static final Duration KINDS_INTERVAL = Duration.ofSeconds(20);

  /** The Secret of the authority that issues for peers. */
  private static final String AUTHORITY = "ops-proxy-ca";

  private static final int OPTIONAL_PATIENCE_MILLIS = 3_000;

  private final KubernetesClient client;
  private final OperatorSettings settings;
  private final ScheduledExecutorService scheduler =
      Executors.newScheduledThreadPool(
          4,
          task -> {
            Thread thread = new Thread(task, "operator");
            thread.setDaemon(true);
            return thread;
          });
  private final TriggerSource<ProxyPeer> peerTriggers = new TriggerSource<>("peers");
  private final TriggerSource<ExposedService> serviceTriggers = new TriggerSource<>("services");
  private final OperatorMetrics metrics = new OperatorMetrics();
  private final EventRecorder events;
  private final ClusterCache cache;
  private final OptionalKinds kinds;
  private final PeerReconciler peers;
  private final Operator operator;
  private final AdminPages admin;
  private final Leadership leadership;
  private volatile String notReady = "starting";
  private volatile boolean closed;
  private volatile boolean leading;

  /**
   * Starts it; returns at once.
   *
   * @throws IOException when the address of the status pages cannot be bound
   */
  public OperatorProcess(KubernetesClient client, OperatorSettings settings) throws IOException {
    this.client = client;
    this.settings = settings;
    leadership =
        new Leadership(
            client.getConfiguration(),
            new ObjectKey(settings.leaseNamespace(), settings.leaseName()),
            settings.identity(),
            this::lead,
            OperatorProcess::endAtOnce);
    admin = new AdminPages(settings.admin(), this::readiness, metrics::scrape);
    events = new EventRecorder(client, settings.identity(), metrics::writeFailed);
    cache = new ClusterCache(client, settings.namespaces(), this);
    kinds = new OptionalKinds(client, cache);
    PodObserver observer =
        new PodObserver(new StatusClient(scheduler), scheduler, this::nudge, this::peer);
    Outcomes outcomes = new Outcomes();
    peers =
        new PeerReconciler(
            cache,
            kinds,
            new Applier(client, cache, metrics::writeFailed, System::nanoTime),
            observer,
            new Identities(
                client,
                new OperatorAuthority(
                    client,
                    new ObjectKey(settings.leaseNamespace(), AUTHORITY),
                    settings.meshDomain(),
                    this::freshDomain,
                    InstantSource.system()),
                InstantSource.system()),
            outcomes,
            events,
            metrics,
            Options.forPods(settings.peerImage()),
            peerTriggers,
            serviceTriggers,
            this::leads);
    operator =
        new Operator(
            config ->
                config
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    .withUseSSAToPatchPrimaryResource(true));
    register(peers, new LinearRateLimiter(Duration.ofMillis(200), 2));
    register(
        new ServiceReconciler(cache, outcomes, events, metrics, serviceTriggers, this::leads),
        new LinearRateLimiter(Duration.ofMillis(200), 4));
    Thread starter = new Thread(this::start, "operator-start");
    starter.setDaemon(true);
    starter.start();
  }

  /**
   * Of the cluster, whose namespace kube-system lives as long as it does; an operator that sees
   * some namespaces only takes one that nobody else has.
   */
  private String freshDomain() {
    return cache.namespaceUid("kube-system").orElseGet(() -> UUID.randomUUID().toString())
        + ".ops-proxy.internal";
  }

  private <P extends HasMetadata> void register(Reconciler<P> reconciler, LinearRateLimiter rate) {
    operator.register(
        reconciler,
        (ControllerConfigurationOverrider<P> config) -> {
          if (!settings.namespaces().isEmpty()) {
            config.settingNamespaces(Set.copyOf(settings.namespaces()));
          }
          config.withRateLimiter(rate).withRetry(retry());
        });
  }

  /** After 1, 2, 4, … seconds, up to a minute, without end; the default gives up after five. */
  public static GenericRetry retry() {
    return new GenericRetry()
        .setMaxAttempts(-1)
        .setInitialInterval(1_000)
        .setIntervalMultiplier(2)
        .setMaxInterval(60_000);
  }

  private void start() {
    try {
      awaitServer();
      cache.start();
      kinds.refresh();
      while (!cache.synced()) {
        notReady = "not yet read: " + String.join("; ", cache.missing());
        pause(20);
      }
      awaitOptionalKinds();
      notReady = "";
      scheduler.scheduleWithFixedDelay(
          this::refreshKinds,
          KINDS_INTERVAL.toMillis(),
          KINDS_INTERVAL.toMillis(),
          TimeUnit.MILLISECONDS);
      // Also on a standby: its queues run dry, and its caches are warm when it leads.
      operator.start();
      log.info(
          "watching {}",
          settings.namespaces().isEmpty() ? "all namespaces" : settings.namespaces());
      if (settings.leaderElection()) {
        leadership.start();
      } else {
        lead();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.error("the operator could not start", e);
      notReady = "could not start: " + e.getMessage();
    }
  }

  /** For a while only: nothing else needs them. */
  private void awaitOptionalKinds() throws InterruptedException {
    for (int i = 0; i < OPTIONAL_PATIENCE_MILLIS / 20 && !kinds.complete(); i++) {
      pause(20);
    }
  }

  private void awaitServer() throws InterruptedException {
    try (ServerCheck check = new ServerCheck(client.getConfiguration())) {
      for (String problem = check.problem(); !problem.isEmpty(); problem = check.problem()) {
        if (!problem.equals(notReady)) {
          log.warn("not ready: {}", problem);
          notReady = problem;
        }
        pause(1_000);
      }
    }
  }

  private void pause(long millis) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(millis);
    if (closed) {
      throw new InterruptedException("closed");
    }
  }

  /** From now on this one works: what was passed over until now is looked at. */
  private void lead() {
    leading = true;
    cache.peers().forEach(one -> peer(ObjectKey.of(one)));
    cache.exposedServices().forEach(one -> service(ObjectKey.of(one)));
  }

  private boolean leads() {
    return leading && (!settings.leaderElection() || leadership.leads());
  }

  private void refreshKinds() {
    if (kinds.refresh()) {
      cache.peers().forEach(one -> peer(ObjectKey.of(one)));
    }
  }

  private void nudge(ObjectKey pod, String annotation) {
    // By an object, not by its name: the client would read the pod first, which nothing else needs.
    Pod named =
        new PodBuilder()
            .withNewMetadata()
            .withNamespace(pod.namespace())
            .withName(pod.name())
            .endMetadata()
            .build();
    String patch =
        "{\"metadata\":{\"annotations\":{\"" + Labels.CONFIG_HASH + "\":\"" + annotation + "\"}}}";
    try {
      client.resource(named).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    } catch (KubernetesClientException e) {
      metrics.writeFailed("Pod", e.getCode() > 0 ? Integer.toString(e.getCode()) : "io");
      throw e;
    }
  }

  /** Why it is not ready; empty when it is. A standby is ready. */
  private String readiness() {
    if (notReady.isEmpty() && !cache.watching()) {
      return "watches of the API server "
          + client.getMasterUrl()
          + " are broken; they are made again as soon as it answers";
    }
    return notReady.isEmpty() && !leading ? leadership.problem() : notReady;
  }

  /** The port of the status pages. */
  public int adminPort() {
    return admin.port();
  }

  @Override
  public void peer(ObjectKey peer) {
    peerTriggers.trigger(peer);
  }

  @Override
  public void service(ObjectKey service) {
    serviceTriggers.trigger(service);
  }

  @Override
  public void changed(ProxyPeer peer) {
    metrics.seen(peer, peer.getStatus() == null ? null : peer.getStatus().conditions());
  }

  @Override
  public void changed(ExposedService service) {
    metrics.seen(service, service.getStatus() == null ? null : service.getStatus().conditions());
  }

  @Override
  public void peerGone(ObjectKey peer, String uid) {
    peers.forget(peer, uid);
  }

  @Override
  public void serviceGone(ObjectKey service) {
    metrics.forget("ExposedService", service);
  }

  /** Nothing may be written any more; but the log has said why, and is read. Takes 1 s at most. */
  private static void endAtOnce() {
    Logging.flush();
    Runtime.getRuntime().halt(1);
  }

  @Override
  public void close() {
    closed = true;
    notReady = "stopping";
    leading = false;
    operator.stop();
    // Gives the lease back, so that a standby takes over at once.
    leadership.close();
    cache.close();
    events.close();
    scheduler.shutdownNow();
    admin.close();
  }
}
