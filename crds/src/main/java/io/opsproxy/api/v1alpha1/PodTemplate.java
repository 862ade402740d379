package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;

/**
 * What the pods look like. A change of it replaces the pods one by one.
 *
 * @param image Image of the peer; that of the operator by default.
 * @param imagePullPolicy Always, IfNotPresent or Never.
 * @param imagePullSecrets Secrets of the registry.
 * @param labels Further labels of the pods.
 * @param annotations Annotations of the pods.
 * @param resources Requests and limits; a request of 50m CPU and 96Mi, and a limit of 256Mi, by
 *     default.
 * @param nodeSelector Labels that a node must have.
 * @param tolerations Taints of nodes that the pods accept.
 * @param affinity Where pods are scheduled.
 * @param topologySpreadConstraints How pods are spread; over nodes and zones, where possible, by
 *     default.
 * @param priorityClassName Priority of the pods.
 * @param runtimeClassName Container runtime of the pods.
 * @param fixedUser Whether pods run as user and group 65532; false leaves that to the platform, as
 *     OpenShift wants it.
 * @param serviceAccountName A ServiceAccount of the namespace to run as, instead of that of the
 *     peer.
 * @param serviceAccountAnnotations Annotations of the peer's own ServiceAccount.
 * @param patch A strategic-merge patch of the pod template, applied last: environment, volumes and
 *     mounts, security contexts, further containers. The container of the peer is named peer.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PodTemplate(
    @JsonPropertyDescription("Image of the peer; that of the operator by default.") @Size(max = 512)
        String image,
    @JsonPropertyDescription("Always, IfNotPresent or Never.") ImagePullPolicy imagePullPolicy,
    @JsonPropertyDescription("Secrets of the registry.") @Size(max = 16) @Keyed("name")
        List<LocalObjectReference> imagePullSecrets,
    @JsonPropertyDescription("Further labels of the pods.") @Size(max = 64)
        Map<String, @Size(max = 63) @Text(TextFormat.LABEL_VALUE) String> labels,
    @JsonPropertyDescription("Annotations of the pods.") @Size(max = 64)
        Map<String, @Size(max = 65536) String> annotations,
    @JsonPropertyDescription(
            "Requests and limits; a request of 50m CPU and 96Mi, and a limit of 256Mi, by default.")
        ResourceRequirements resources,
    @JsonPropertyDescription("Labels that a node must have.") @Size(max = 64)
        Map<String, @Size(max = 63) @Text(TextFormat.LABEL_VALUE) String> nodeSelector,
    @JsonPropertyDescription("Taints of nodes that the pods accept.") @Size(max = 64)
        List<Toleration> tolerations,
    @JsonPropertyDescription("Where pods are scheduled.") Affinity affinity,
    @JsonPropertyDescription(
            "How pods are spread; over nodes and zones, where possible, by default.")
        @Size(max = 16)
        List<TopologySpreadConstraint> topologySpreadConstraints,
    @JsonPropertyDescription("Priority of the pods.") @Size(max = 253) String priorityClassName,
    @JsonPropertyDescription("Container runtime of the pods.") @Size(max = 253)
        String runtimeClassName,
    @JsonPropertyDescription(
            "Whether pods run as user and group 65532; false leaves that to the platform, as OpenShift wants it.")
        @Default("true")
        Boolean fixedUser,
    @JsonPropertyDescription(
            "A ServiceAccount of the namespace to run as, instead of that of the peer.")
        @Size(max = 253)
        String serviceAccountName,
    @JsonPropertyDescription("Annotations of the peer's own ServiceAccount.") @Size(max = 64)
        Map<String, @Size(max = 65536) String> serviceAccountAnnotations,
    @JsonPropertyDescription(
            "A strategic-merge patch of the pod template, applied last: environment, volumes and mounts, security contexts, further containers. The container of the peer is named peer.")
        JsonNode patch) {
  /** What holds where nothing is said. */
  public static final PodTemplate DEFAULT =
      new PodTemplate(
          null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
          null);

  public PodTemplate {
    fixedUser = fixedUser == null || fixedUser;
    serviceAccountAnnotations =
        serviceAccountAnnotations == null ? Map.of() : Map.copyOf(serviceAccountAnnotations);
    patch = patch == null || patch.isNull() ? null : patch;
    imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
    labels = labels == null ? Map.of() : Map.copyOf(labels);
    annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
    tolerations = tolerations == null ? List.of() : List.copyOf(tolerations);
    topologySpreadConstraints =
        topologySpreadConstraints == null ? List.of() : List.copyOf(topologySpreadConstraints);
  }
}
