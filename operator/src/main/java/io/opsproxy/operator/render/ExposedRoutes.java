package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.ExposedServiceSpec;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** ExposedServices as routes of a peer, each judged by itself. Stateless but for the peer. */
final class ExposedRoutes {
  private static final String KIND = "ExposedService";
  private static final Finding RESOLVED =
      Finding.of(ConditionType.RESOLVED_REFS, Reason.RESOLVED_REFS);

  private final ProxyPeer peer;
  private final Lookup lookup;
  private final Duration dialTimeout;
  private final Site site;

  /**
   * @throws RefusedSpec naming a value of the peer
   */
  ExposedRoutes(ProxyPeer peer, Lookup lookup, Site site) {
    this.peer = peer;
    this.lookup = lookup;
    this.site = site;
    dialTimeout = PeerConfig.dialTimeout(peer);
  }

  /** Never throws: whatever an object holds is its own fault. */
  Proposal propose(ExposedService service) {
    Finding resolved = RESOLVED;
    try {
      Optional<Finding> refusal = admission(service);
      if (refusal.isPresent()) {
        return refused(service, resolved, refusal.get());
      }
      Backends backends = Backends.of(service, lookup, site, peer.getMetadata().getNamespace());
      resolved = backends.resolved();
      refusal = reachable(service, backends);
      return refusal.isPresent()
          ? refused(service, resolved, refusal.get())
          : proposal(service, resolved, Optional.of(route(service, backends)), Optional.empty());
    } catch (RefusedSpec e) {
      return refused(service, resolved, finding(Reason.INVALID_SPEC, e.getMessage()));
    } catch (RuntimeException e) {
      // A mistake of this program, which this object alone is to suffer from.
      return refused(
          service, resolved, finding(Reason.INVALID_SPEC, "spec: cannot be rendered: " + e));
    }
  }

  /** What an object asks for, as it stands there; its own name where it says nothing. */
  static List<String> wanted(ExposedService service) {
    List<String> hostnames = service.getSpec().hostnames();
    return hostnames.isEmpty() ? List.of(service.getMetadata().getName()) : hostnames;
  }

  private Optional<Finding> admission(ExposedService service) {
    String namespace = service.getMetadata().getNamespace();
    if (!service.faults().isEmpty()) {
      return Optional.of(finding(Reason.INVALID_SPEC, String.join("; ", service.faults())));
    }
    if (!Admission.admits(peer, namespace, lookup)) {
      return Optional.of(finding(Reason.NOT_ALLOWED_BY_PEER, Admission.refusal(peer, namespace)));
    }
    for (String text : wanted(service)) {
      if (HostName.pattern(text).isEmpty()) {
        return Optional.of(
            finding(
                Reason.INVALID_NAME,
                "\""
                    + text
                    + "\" is not a name to route by; write an exact name, or *.example.com for all"
                    + " names below example.com"));
      }
    }
    Optional<String> hostnames = Admission.hostnames(peer, namespace, names(service), lookup);
    return hostnames.isPresent()
        ? hostnames.map(message -> finding(Reason.HOSTNAME_NOT_ALLOWED, message))
        : port(service, namespace);
  }

  private Optional<Finding> port(ExposedService service, String namespace) {
    Integer port = service.getSpec().listenerPort();
    if (port == null) {
      return Optional.empty();
    }
    Optional<String> owner = Admission.ownPort(peer, port);
    if (owner.isPresent()) {
      return Optional.of(
          finding(
              Reason.PORT_CONFLICT,
              "listenerPort " + port + " belongs to " + owner.get() + "; take another one"));
    }
    Optional<String> refusal = Admission.port(peer, namespace, port);
    if (refusal.isPresent()) {
      return refusal.map(message -> finding(Reason.PORT_NOT_ALLOWED, message));
    }
    return names(service).stream().allMatch(HostName::isWildcard)
        ? Optional.of(
            finding(
                Reason.INVALID_SPEC,
                "spec.listenerPort: " + port + " needs a hostname without a wildcard"))
        : Optional.empty();
  }

  private Optional<Finding> reachable(ExposedService service, Backends backends) {
    boolean foreign =
        !service.getMetadata().getNamespace().equals(peer.getMetadata().getNamespace());
    if (foreign && !backends.local().isEmpty() && !peer.getSpec().access().localBackends()) {
      return Optional.of(
          finding(
              Reason.NOT_ALLOWED_BY_PEER,
              "spec.backend: "
                  + String.join(", ", backends.local())
                  + " is the pod itself or its node, which objects of other namespaces reach only"
                  + " where access.localBackends of ProxyPeer "
                  + ObjectKey.of(peer)
                  + " is true; name the address of the service"));
    }
    return backends.endpoints().isEmpty()
        ? Optional.of(finding(backends.resolved().reason(), backends.resolved().message()))
        : Optional.empty();
  }

  private Route route(ExposedService service, Backends backends) {
    ExposedServiceSpec spec = service.getSpec();
    CaFiles files = new CaFiles(site.directory(ObjectKey.of(peer)));
    List<HostName> names = List.copyOf(names(service));
    ServiceConfig config =
        new ServiceConfig(
            names,
            backends.endpoints(),
            Upstreams.policy(spec.loadBalancing()),
            spec.connect().timeout() == null
                ? dialTimeout
                : Upstreams.duration("spec.connect.timeout", spec.connect().timeout()),
            spec.connect().attempts(),
            new Upstreams(files).upstream(spec));
    PeerConfig.check(peer, config, site);
    return new Route(
        names, Optional.ofNullable(spec.listenerPort()), config, files.files(), backends.egress());
  }

  /** Each once, in the order of the object. */
  private static Set<HostName> names(ExposedService service) {
    Set<HostName> names = new LinkedHashSet<>();
    for (String text : wanted(service)) {
      HostName.pattern(text).ifPresent(names::add);
    }
    return names;
  }

  private static Finding finding(Reason reason, String message) {
    return Finding.of(ConditionType.ACCEPTED, reason, message);
  }

  private static Proposal refused(ExposedService service, Finding resolved, Finding refusal) {
    return proposal(service, resolved, Optional.empty(), Optional.of(refusal));
  }

  private static Proposal proposal(
      ExposedService service, Finding resolved, Optional<Route> route, Optional<Finding> refusal) {
    String created = service.getMetadata().getCreationTimestamp();
    return new Proposal(
        KIND,
        ObjectKey.of(service),
        service.getMetadata().getGeneration(),
        created == null ? "" : created,
        resolved,
        route,
        refusal);
  }
}
