package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.api.v1alpha1.NameStatus;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What came of one ExposedService at its peer.
 *
 * @param key which
 * @param generation of the object that was looked at; null outside a cluster
 * @param accepted of the status
 * @param resolvedRefs of the status
 * @param names its names and who has them
 * @param served what the configuration of the peer holds of it; empty when it holds nothing
 * @param route what it asks for; empty when it is not served
 */
public record Attachment(
    ObjectKey key,
    Long generation,
    Finding accepted,
    Finding resolvedRefs,
    List<NameStatus> names,
    Optional<Served> served,
    Optional<Route> route) {

  /**
   * The part of a peer's configuration that one object makes. Equal parts serve alike.
   *
   * @param service under the names that the object has won
   * @param listener the port whose connections all go to it
   */
  public record Served(ServiceConfig service, Optional<ListenerPort> listener) {
    /** As they are routed. */
    public Set<String> names() {
      return service.names().stream().map(HostName::value).collect(Collectors.toSet());
    }
  }

  public Attachment {
    names = List.copyOf(names);
  }

  /** Of an object whose peer does not exist. */
  public static Attachment withoutPeer(ExposedService service) {
    String message =
        "ProxyPeer "
            + ObjectKey.peerOf(service)
            + " does not exist; create it, or mend spec.peerRef";
    return alone(
        service,
        Finding.of(ConditionType.ACCEPTED, Reason.PEER_NOT_FOUND, message),
        Finding.of(ConditionType.RESOLVED_REFS, Reason.PEER_NOT_FOUND, message));
  }

  /** Of an object that says things which this program does not know. */
  public static Attachment unknown(ExposedService service) {
    return alone(
        service,
        Finding.of(
            ConditionType.ACCEPTED, Reason.INVALID_SPEC, String.join("; ", service.faults())),
        Finding.of(ConditionType.RESOLVED_REFS, Reason.PENDING));
  }

  private static Attachment alone(ExposedService service, Finding accepted, Finding resolved) {
    return new Attachment(
        ObjectKey.of(service),
        service.getMetadata().getGeneration(),
        accepted,
        resolved,
        List.of(),
        Optional.empty(),
        Optional.empty());
  }
}
