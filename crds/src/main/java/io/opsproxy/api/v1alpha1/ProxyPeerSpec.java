package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.model.annotation.SpecReplicas;
import java.util.List;

/**
 * What a user wants of a peer. Everything has a default: an empty spec is a peer of two replicas.
 *
 * @param replicas Number of pods. Each of them serves all names and dials all remote peers by
 *     itself.
 * @param listen Ports of the pods.
 * @param service The Service in front of the pods.
 * @param remotePeers Peers to keep a link to.
 * @param allowedNamespaces Which namespaces may attach ExposedServices and refer to this peer.
 * @param allowedHostnames Which names ExposedServices of which namespaces may take; any by default.
 *     A name is allowed when an entry for the namespace covers it.
 * @param mesh Rules of the links to other peers.
 * @param access What clients may do beyond reaching names that are served.
 * @param timeouts Time limits of links and connections.
 * @param drain How a pod that is told to stop ends.
 * @param limits Bounds of what clients can make a pod hold.
 * @param logging What the pods log.
 * @param monitoring Objects for Prometheus and Grafana.
 * @param admin Pages in the shapes of Envoy, on the loopback address of each pod.
 * @param template What the pods look like.
 */
@JsonClassDescription(
    "What is wanted of the peer. Everything has a default: an empty spec is a peer of two replicas.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value =
        "!self.admin.enabled || self.admin.port != self.listen.proxyPort && self.admin.port != self.listen.metricsPort",
    message = "admin.port must differ from listen.proxyPort and listen.metricsPort")
public record ProxyPeerSpec(
    @JsonPropertyDescription(
            "Number of pods. Each of them serves all names and dials all remote peers by itself.")
        @SpecReplicas
        @Min(0)
        @Max(100)
        @Default("2")
        Integer replicas,
    @JsonPropertyDescription("Ports of the pods.") @Default("{}") Listen listen,
    @JsonPropertyDescription("The Service in front of the pods.") @Default("{}")
        ServiceTemplate service,
    @JsonPropertyDescription("Peers to keep a link to.") @Size(max = 64)
        List<RemotePeer> remotePeers,
    @JsonPropertyDescription("Which namespaces may attach ExposedServices and refer to this peer.")
        @Default("{}")
        AllowedNamespaces allowedNamespaces,
    @JsonPropertyDescription(
            "Which names ExposedServices of which namespaces may take; any by default. A name is allowed when an entry for the namespace covers it.")
        @JsonInclude(JsonInclude.Include.NON_NULL)
        @Size(max = 64)
        List<AllowedHostnames> allowedHostnames,
    @JsonPropertyDescription("Rules of the links to other peers.") @Default("{}") Mesh mesh,
    @JsonPropertyDescription("What clients may do beyond reaching names that are served.")
        @Default("{}")
        Access access,
    @JsonPropertyDescription("Time limits of links and connections.") @Default("{}")
        Timeouts timeouts,
    @JsonPropertyDescription("How a pod that is told to stop ends.") @Default("{}") Drain drain,
    @JsonPropertyDescription("Bounds of what clients can make a pod hold.") @Default("{}")
        Limits limits,
    @JsonPropertyDescription("What the pods log.") @Default("{}") Logging logging,
    @JsonPropertyDescription("Objects for Prometheus and Grafana.") @Default("{}")
        Monitoring monitoring,
    @JsonPropertyDescription("Pages in the shapes of Envoy, on the loopback address of each pod.")
        @Default("{}")
        Admin admin,
    @JsonPropertyDescription("What the pods look like.") @Default("{}") PodTemplate template) {
  public ProxyPeerSpec {
    replicas = replicas == null ? 2 : replicas;
    listen = listen == null ? Listen.DEFAULT : listen;
    service = service == null ? ServiceTemplate.DEFAULT : service;
    remotePeers = remotePeers == null ? List.of() : List.copyOf(remotePeers);
    allowedNamespaces = allowedNamespaces == null ? AllowedNamespaces.DEFAULT : allowedNamespaces;
    allowedHostnames = allowedHostnames == null ? null : List.copyOf(allowedHostnames);
    mesh = mesh == null ? Mesh.DEFAULT : mesh;
    access = access == null ? Access.DEFAULT : access;
    timeouts = timeouts == null ? Timeouts.DEFAULT : timeouts;
    drain = drain == null ? new Drain(null, null) : drain;
    limits = limits == null ? Limits.DEFAULT : limits;
    logging = logging == null ? Logging.DEFAULT : logging;
    monitoring = monitoring == null ? Monitoring.DEFAULT : monitoring;
    admin = admin == null ? new Admin(null, null) : admin;
    template = template == null ? PodTemplate.DEFAULT : template;
  }
}
