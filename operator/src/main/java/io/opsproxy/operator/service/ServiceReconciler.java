package io.opsproxy.operator.service;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ExposedServiceStatus;
import io.opsproxy.api.v1alpha1.PeerReference;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.apply.EventRecorder;
import io.opsproxy.operator.cluster.ClusterCache;
import io.opsproxy.operator.cluster.TriggerSource;
import io.opsproxy.operator.observe.PodView;
import io.opsproxy.operator.peer.Outcomes;
import io.opsproxy.operator.peer.ReconcileMeter;
import io.opsproxy.operator.render.Attachment;
import io.opsproxy.operator.render.Labels;
import io.opsproxy.operator.render.ListenerPort;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Conditions;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * An ExposedService: writes into its status what the last look at its peer found out. The work
 * itself is done where the peer is reconciled.
 */
@ControllerConfiguration(
    name = "exposedservice",
    fieldManager = Labels.MANAGER,
    informer = @Informer(name = "exposedservice"))
public final class ServiceReconciler implements Reconciler<ExposedService> {
  private final ClusterCache cache;
  private final Outcomes outcomes;
  private final EventRecorder events;
  private final ReconcileMeter metrics;
  private final TriggerSource<ExposedService> triggers;
  private final BooleanSupplier leads;

  /**
   * @param leads whether this operator is the one that works
   */
  public ServiceReconciler(
      ClusterCache cache,
      Outcomes outcomes,
      EventRecorder events,
      ReconcileMeter metrics,
      TriggerSource<ExposedService> triggers,
      BooleanSupplier leads) {
    this.cache = cache;
    this.outcomes = outcomes;
    this.events = events;
    this.metrics = metrics;
    this.triggers = triggers;
    this.leads = leads;
  }

  @Override
  public List<EventSource<?, ExposedService>> prepareEventSources(
      EventSourceContext<ExposedService> context) {
    return List.of(triggers);
  }

  /** The framework writes the status; what becomes of that is only told here. */
  @Override
  public ErrorStatusUpdateControl<ExposedService> updateErrorStatus(
      ExposedService object, Context<ExposedService> context, Exception problem) {
    if (problem instanceof KubernetesClientException e) {
      metrics.writeFailed(
          "ExposedService/status", e.getCode() > 0 ? Integer.toString(e.getCode()) : "io");
    }
    return ErrorStatusUpdateControl.noStatusUpdate();
  }

  @Override
  public UpdateControl<ExposedService> reconcile(
      ExposedService service, Context<ExposedService> context) {
    ObjectKey key = ObjectKey.of(service);
    // As our cache has it: the framework's copies have lost what could not be read of them. While
    // that is behind, nothing is to be said; its news bring us here again.
    Optional<ExposedService> known =
        cache
            .exposedService(key)
            .filter(one -> one.getMetadata().getUid().equals(service.getMetadata().getUid()));
    if (known.isEmpty() || !leads.getAsBoolean()) {
      return UpdateControl.noUpdate();
    }
    UpdateControl<ExposedService> update =
        metrics.timed("ExposedService", () -> reconcile(known.get()));
    if (cache.exposedService(key).isEmpty()) {
      // It went meanwhile; do not count it again.
      metrics.forget("ExposedService", key);
    }
    return update;
  }

  private UpdateControl<ExposedService> reconcile(ExposedService service) {
    ObjectKey peer = ObjectKey.peerOf(service);
    if (cache.peer(peer).isEmpty()) {
      return update(
          service,
          unattached(
              service,
              service.faults().isEmpty()
                  ? Attachment.withoutPeer(service)
                  : Attachment.unknown(service)));
    }
    Optional<Outcomes.Outcome> outcome = outcomes.of(peer);
    Attachment attachment =
        outcome.map(one -> one.services().get(ObjectKey.of(service))).orElse(null);
    boolean current =
        attachment != null
            && Objects.equals(attachment.generation(), service.getMetadata().getGeneration());
    // Until the peer has been looked at with this very object, what stands there is the best we
    // know; that look brings us here again.
    if (!current) {
      return UpdateControl.noUpdate();
    }
    boolean stands =
        PodView.unasked(outcome.orElseThrow().pods())
            && service.getStatus() != null
            && attachment.generation().equals(service.getStatus().observedGeneration());
    return stands
        ? UpdateControl.noUpdate()
        : update(service, status(service, peer, attachment, outcome.orElseThrow()));
  }

  private static ExposedServiceStatus unattached(ExposedService service, Attachment none) {
    return new ExposedServiceStatus(
        service.getMetadata().getGeneration(),
        conditions(
            service,
            List.of(
                none.accepted(),
                none.resolvedRefs(),
                Finding.of(ConditionType.PROGRAMMED, Reason.NOT_PROGRAMMED),
                Finding.of(ConditionType.BACKENDS_HEALTHY, Reason.PENDING),
                Conditions.ready(List.of(none.accepted())))),
        null,
        List.of(),
        List.of(),
        null);
  }

  private static ExposedServiceStatus status(
      ExposedService service, ObjectKey peer, Attachment attachment, Outcomes.Outcome outcome) {
    Finding programmed =
        ServiceFindings.programmed(
            attachment, outcome.pods(), outcome.history(), proved(service, attachment));
    Finding healthy = ServiceFindings.healthy(attachment, outcome.pods());
    boolean served = attachment.served().isPresent();
    return new ExposedServiceStatus(
        service.getMetadata().getGeneration(),
        conditions(
            service,
            List.of(
                attachment.accepted(),
                attachment.resolvedRefs(),
                programmed,
                ServiceFindings.advertised(attachment, outcome.pods()),
                healthy,
                Conditions.ready(
                    List.of(
                        attachment.accepted(), attachment.resolvedRefs(), programmed, healthy)))),
        served ? new PeerReference(peer.name(), peer.namespace()) : null,
        attachment.names(),
        served ? addresses(attachment, outcome) : List.of(),
        ServiceFindings.endpoints(attachment, outcome.pods()).orElse(null));
  }

  /** Whether the status says that the pods serve this generation of the object. */
  private static boolean proved(ExposedService service, Attachment attachment) {
    return service.getStatus() != null
        && Conditions.find(service.getStatus().conditions(), ConditionType.PROGRAMMED)
            .filter(one -> one.getStatus().equals("True"))
            .filter(one -> Objects.equals(one.getObservedGeneration(), attachment.generation()))
            .isPresent();
  }

  private static List<String> addresses(Attachment attachment, Outcomes.Outcome outcome) {
    Optional<Integer> own = attachment.served().orElseThrow().listener().map(ListenerPort::port);
    return Stream.concat(Stream.of(outcome.proxyPort()), own.stream())
        .flatMap(
            port -> outcome.addresses().stream().map(host -> new HostPort(host, port).toString()))
        .toList();
  }

  private static List<Condition> conditions(ExposedService service, List<Finding> findings) {
    return Conditions.merge(
        service.getStatus() == null ? null : service.getStatus().conditions(),
        findings,
        service.getMetadata().getGeneration(),
        Instant.now());
  }

  private UpdateControl<ExposedService> update(
      ExposedService service, ExposedServiceStatus status) {
    metrics.observed("ExposedService", ObjectKey.of(service), status.conditions());
    if (Objects.equals(status, service.getStatus())) {
      return UpdateControl.noUpdate();
    }
    events.changes(
        service,
        service.getStatus() == null ? null : service.getStatus().conditions(),
        status.conditions());
    ExposedService fresh = new ExposedService();
    fresh.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(service.getMetadata().getNamespace())
            .withName(service.getMetadata().getName())
            .build());
    fresh.setStatus(status);
    return UpdateControl.patchStatus(fresh);
  }
}
