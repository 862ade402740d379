package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;

/**
 * The Service in front of the pods.
 *
 * @param type ClusterIP, NodePort or LoadBalancer.
 * @param annotations Annotations of the Service.
 * @param labels Further labels of the Service.
 * @param loadBalancerClass Which implementation makes the load balancer. It cannot be changed once
 *     set.
 * @param loadBalancerSourceRanges Client addresses that the load balancer admits, as CIDRs.
 * @param externalTrafficPolicy Cluster or Local; Local keeps the source address of clients.
 * @param nodePort Port of the nodes for the proxy port; chosen by the cluster by default.
 * @param port Port of the Service for clients and other peers; listen.proxyPort by default.
 * @param ipFamilyPolicy SingleStack, PreferDualStack or RequireDualStack; as the cluster has it by
 *     default.
 * @param internalTrafficPolicy Cluster or Local, for traffic from within the cluster.
 * @param allocateLoadBalancerNodePorts Whether a LoadBalancer has ports of the nodes, too.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "!has(self.loadBalancerClass) || self.type == 'LoadBalancer'",
    message = "loadBalancerClass needs type LoadBalancer")
@ValidationRule(
    value = "!has(self.loadBalancerSourceRanges) || self.type == 'LoadBalancer'",
    message = "loadBalancerSourceRanges needs type LoadBalancer")
@ValidationRule(
    value = "!has(self.externalTrafficPolicy) || self.type != 'ClusterIP'",
    message = "externalTrafficPolicy needs type NodePort or LoadBalancer")
@ValidationRule(
    value = "!has(self.allocateLoadBalancerNodePorts) || self.type == 'LoadBalancer'",
    message = "allocateLoadBalancerNodePorts needs type LoadBalancer")
@ValidationRule(
    value = "!has(self.nodePort) || self.type != 'ClusterIP'",
    message = "nodePort needs type NodePort or LoadBalancer")
public record ServiceTemplate(
    @JsonPropertyDescription("ClusterIP, NodePort or LoadBalancer.") @Default("ClusterIP")
        ServiceType type,
    @JsonPropertyDescription("Annotations of the Service.") @Size(max = 64)
        Map<String, @Size(max = 65536) String> annotations,
    @JsonPropertyDescription("Further labels of the Service.") @Size(max = 64)
        Map<String, @Size(max = 63) @Text(TextFormat.LABEL_VALUE) String> labels,
    @JsonPropertyDescription(
            "Which implementation makes the load balancer. It cannot be changed once set.")
        @ValidationRule(
            value = "self == oldSelf",
            message =
                "a Service keeps its loadBalancerClass: make the type ClusterIP first, then set both anew")
        @Size(max = 253)
        String loadBalancerClass,
    @JsonPropertyDescription("Client addresses that the load balancer admits, as CIDRs.")
        @Size(max = 64)
        @Keyed
        List<@Size(max = 64) @Text(TextFormat.CIDR) String> loadBalancerSourceRanges,
    @JsonPropertyDescription("Cluster or Local; Local keeps the source address of clients.")
        TrafficPolicy externalTrafficPolicy,
    @JsonPropertyDescription(
            "Port of the nodes for the proxy port; chosen by the cluster by default.")
        @Min(1)
        @Max(65535)
        Integer nodePort,
    @JsonPropertyDescription(
            "Port of the Service for clients and other peers; listen.proxyPort by default.")
        @Min(1)
        @Max(65535)
        Integer port,
    @JsonPropertyDescription(
            "SingleStack, PreferDualStack or RequireDualStack; as the cluster has it by default.")
        IpFamilyPolicy ipFamilyPolicy,
    @JsonPropertyDescription("Cluster or Local, for traffic from within the cluster.")
        TrafficPolicy internalTrafficPolicy,
    @JsonPropertyDescription("Whether a LoadBalancer has ports of the nodes, too.")
        Boolean allocateLoadBalancerNodePorts) {
  /** What holds where nothing is said. */
  public static final ServiceTemplate DEFAULT =
      new ServiceTemplate(null, null, null, null, null, null, null, null, null, null, null);

  public ServiceTemplate {
    type = type == null ? ServiceType.CLUSTER_IP : type;
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    loadBalancerSourceRanges =
        loadBalancerSourceRanges == null ? List.of() : List.copyOf(loadBalancerSourceRanges);
  }
}
