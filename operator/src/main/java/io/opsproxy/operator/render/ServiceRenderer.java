package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ExposedServiceSpec;
import io.opsproxy.api.v1alpha1.NameState;
import io.opsproxy.api.v1alpha1.NameStatus;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.ServiceConfig;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One ExposedService at its peer. */
final class ServiceRenderer {
  private final ProxyPeer peer;
  private final Lookup lookup;
  private final Upstreams upstreams;
  private final Duration dialTimeout;
  private final Site site;

  ServiceRenderer(ProxyPeer peer, Lookup lookup, CaFiles files, Duration dialTimeout, Site site) {
    this.peer = peer;
    this.lookup = lookup;
    this.upstreams = new Upstreams(files);
    this.dialTimeout = dialTimeout;
    this.site = site;
  }

  /** Why the object cannot be served at all, whoever else there is; empty when it can. */
  Optional<Finding> refusal(ExposedService service) {
    String namespace = service.getMetadata().getNamespace();
    if (!Admission.admits(peer, namespace, lookup)) {
      return refusal(Reason.NOT_ALLOWED_BY_PEER, Admission.refusal(peer, namespace));
    }
    for (String text : Claims.wanted(service)) {
      if (HostName.pattern(text).isEmpty()) {
        return refusal(
            Reason.INVALID_NAME,
            "\""
                + text
                + "\" is not a name to route by; write an exact name, or *.example.com for all"
                + " names below example.com");
      }
    }
    try {
      config(service, List.copyOf(Claims.valid(service)));
      return Optional.empty();
    } catch (RefusedSpec e) {
      return refusal(Reason.INVALID_SPEC, e.getMessage());
    }
  }

  private static Optional<Finding> refusal(Reason reason, String message) {
    return Optional.of(Finding.of(ConditionType.ACCEPTED, reason, message));
  }

  Attachment render(ExposedService service, Claims claims) {
    ObjectKey key = ObjectKey.of(service);
    Long generation = service.getMetadata().getGeneration();
    Finding resolved = Backends.resolve(service, lookup);
    Optional<Finding> refusal = refusal(service);
    if (refusal.isPresent()) {
      return new Attachment(key, generation, refusal.get(), resolved, List.of(), Optional.empty());
    }
    List<NameStatus> names = new ArrayList<>();
    List<HostName> won = new ArrayList<>();
    for (HostName name : Claims.valid(service)) {
      ObjectKey owner = claims.owner(name);
      boolean ours = owner.equals(key);
      if (ours) {
        won.add(name);
      }
      names.add(
          new NameStatus(
              name.value(),
              ours ? NameState.SERVED : NameState.CONFLICT,
              ours ? null : owner.toString()));
    }
    if (won.isEmpty()) {
      return new Attachment(
          key,
          generation,
          Finding.of(ConditionType.ACCEPTED, Reason.NAME_CONFLICT, conflict(names)),
          resolved,
          names,
          Optional.empty());
    }
    PortClaim port = port(service, key, won, claims);
    return new Attachment(
        key,
        generation,
        accepted(names, port),
        resolved,
        names,
        Optional.of(new Served(config(service, won), port.port())));
  }

  private ServiceConfig config(ExposedService service, List<HostName> names) {
    ExposedServiceSpec spec = service.getSpec();
    return new ServiceConfig(
        names,
        Backends.endpoints(service, site),
        Upstreams.policy(spec.loadBalancing()),
        spec.connect().timeout() == null
            ? dialTimeout
            : Upstreams.duration("spec.connect.timeout", spec.connect().timeout()),
        spec.connect().attempts(),
        upstreams.upstream(spec));
  }

  /**
   * @param port granted, if any
   * @param problem why one was not granted; empty when all is well
   */
  private record PortClaim(Optional<Integer> port, String problem) {}

  private PortClaim port(ExposedService service, ObjectKey key, List<HostName> won, Claims claims) {
    Integer port = service.getSpec().listenerPort();
    if (port == null) {
      return new PortClaim(Optional.empty(), "");
    }
    ObjectKey owner = claims.owner(port);
    if (port.equals(peer.getSpec().listen().proxyPort())
        || port.equals(peer.getSpec().listen().metricsPort())) {
      return new PortClaim(
          Optional.empty(),
          "listenerPort " + port + " is a port of ProxyPeer " + ObjectKey.of(peer) + " itself");
    }
    if (!owner.equals(key)) {
      return new PortClaim(
          Optional.empty(),
          "listenerPort " + port + " belongs to ExposedService " + owner + ", which comes first");
    }
    if (won.stream().allMatch(HostName::isWildcard)) {
      return new PortClaim(
          Optional.empty(), "listenerPort " + port + " needs a hostname without a wildcard");
    }
    return new PortClaim(Optional.of(port), "");
  }

  private static Finding accepted(List<NameStatus> names, PortClaim port) {
    String conflict = conflict(names);
    String message =
        conflict + (conflict.isEmpty() || port.problem().isEmpty() ? "" : "; ") + port.problem();
    if (!conflict.isEmpty()) {
      return Finding.of(ConditionType.ACCEPTED, Reason.PARTIAL_NAME_CONFLICT, message);
    }
    return message.isEmpty()
        ? Finding.of(ConditionType.ACCEPTED, Reason.ACCEPTED)
        : Finding.of(ConditionType.ACCEPTED, Reason.PORT_CONFLICT, message);
  }

  /** Names every name that was lost, and to whom; empty for none. */
  private static String conflict(List<NameStatus> names) {
    List<String> lost =
        names.stream()
            .filter(name -> name.state() == NameState.CONFLICT)
            .map(name -> "\"" + name.name() + "\" belongs to ExposedService " + name.owner())
            .toList();
    return lost.isEmpty() ? "" : String.join(", ", lost) + ", which comes first";
  }
}
