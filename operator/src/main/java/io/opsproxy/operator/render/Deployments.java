package io.opsproxy.operator.render;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.LifecycleBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.ProbeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.SysctlBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.opsproxy.api.v1alpha1.PodTemplate;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The pods. Nothing that depends on the services is in here: their change never replaces a pod.
 * What the API server fills in by itself is left to it, except where a later default could change
 * the meaning.
 */
final class Deployments {
  /** Where pods find their configuration. */
  static final String MOUNT = "/etc/ops-proxy";

  private static final String CONTAINER = "peer";
  private static final KubernetesSerialization JSON = new KubernetesSerialization();

  /** Options that the java of the image adds to its own, and that win. */
  private static final String JVM = "JDK_JAVA_OPTIONS";

  /** Between the end of the drain and the kill: time to write the last lines of a log. */
  private static final Duration LEEWAY = Duration.ofSeconds(5);

  private static final long USER = 65_532;

  private Deployments() {}

  /**
   * @throws RefusedSpec when the patch of the spec makes no pod template
   */
  static Deployment of(ProxyPeer peer, Options options) {
    Deployment deployment = unpatched(peer, options);
    JsonNode patch = peer.getSpec().template().patch();
    if (patch != null) {
      deployment.getSpec().setTemplate(patched(peer, deployment.getSpec().getTemplate(), patch));
    }
    return deployment;
  }

  private static PodTemplateSpec patched(ProxyPeer peer, PodTemplateSpec template, JsonNode patch) {
    PodTemplateSpec patched;
    try {
      patched =
          JSON.convertValue(
              StrategicMerge.apply(JSON.convertValue(template, JsonNode.class), patch),
              PodTemplateSpec.class);
    } catch (IllegalArgumentException e) {
      throw new RefusedSpec(
          "spec.template.patch", e.getMessage().lines().findFirst().orElse("is no pod template"));
    }
    boolean whole =
        patched.getMetadata() != null
            && patched.getSpec() != null
            && patched.getSpec().getContainers().stream()
                .anyMatch(one -> CONTAINER.equals(one.getName()));
    if (!whole) {
      throw new RefusedSpec(
          "spec.template.patch",
          "takes the container \"" + CONTAINER + "\" away; the peer runs in it");
    }
    // By these the pods are found.
    Map<String, String> labels = new LinkedHashMap<>();
    if (patched.getMetadata().getLabels() != null) {
      labels.putAll(patched.getMetadata().getLabels());
    }
    labels.putAll(Labels.of(peer.getMetadata().getName(), Map.of()));
    patched.getMetadata().setLabels(labels);
    return patched;
  }

  private static Deployment unpatched(ProxyPeer peer, Options options) {
    String name = peer.getMetadata().getName();
    ProxyPeerSpec spec = peer.getSpec();
    Map<String, String> podLabels = new LinkedHashMap<>(spec.template().labels());
    podLabels.putAll(Labels.of(name, Map.of()));
    return new DeploymentBuilder()
        .withMetadata(Child.meta(peer, name))
        .withNewSpec()
        .withReplicas(spec.replicas())
        .withRevisionHistoryLimit(3)
        .withNewSelector()
        .withMatchLabels(Labels.selector(name))
        .endSelector()
        // One more before one goes: never below the replicas that are wanted.
        .withNewStrategy()
        .withType("RollingUpdate")
        .withNewRollingUpdate()
        .withNewMaxSurge(1)
        .withNewMaxUnavailable(0)
        .endRollingUpdate()
        .endStrategy()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(podLabels)
        .withAnnotations(nullIfEmpty(spec.template().annotations()))
        .endMetadata()
        .withSpec(podSpec(name, spec, options))
        .endTemplate()
        .endSpec()
        .build();
  }

  private static PodSpec podSpec(String name, ProxyPeerSpec spec, Options options) {
    PodTemplate template = spec.template();
    PodSpecBuilder pod =
        new PodSpecBuilder()
            .withServiceAccountName(
                template.serviceAccountName() == null ? name : template.serviceAccountName())
            .withAutomountServiceAccountToken(false)
            .withEnableServiceLinks(false)
            .withTerminationGracePeriodSeconds(
                drainDelay(spec) + seconds("timeout", spec.drain().timeout()) + LEEWAY.toSeconds())
            .withNewSecurityContext()
            .withRunAsNonRoot(true)
            .withRunAsUser(template.fixedUser() ? USER : null)
            .withRunAsGroup(template.fixedUser() ? USER : null)
            .withFsGroup(template.fixedUser() ? USER : null)
            .withNewSeccompProfile()
            .withType("RuntimeDefault")
            .endSeccompProfile()
            .endSecurityContext()
            .withContainers(container(spec, options))
            .withVolumes(PodVolumes.config(name, spec), PodVolumes.temporary())
            .withNodeSelector(nullIfEmpty(template.nodeSelector()))
            .withTolerations(template.tolerations())
            .withAffinity(template.affinity())
            .withTopologySpreadConstraints(spread(name, template))
            .withPriorityClassName(template.priorityClassName())
            .withRuntimeClassName(template.runtimeClassName())
            .withImagePullSecrets(template.imagePullSecrets());
    int lowest = Math.min(spec.listen().proxyPort(), spec.listen().metricsPort());
    if (spec.admin().enabled()) {
      lowest = Math.min(lowest, spec.admin().port());
    }
    if (lowest < PodPorts.FIRST_UNPRIVILEGED) {
      // One of the few that the restricted Pod Security Standard allows.
      pod.editSecurityContext()
          .withSysctls(
              new SysctlBuilder()
                  .withName("net.ipv4.ip_unprivileged_port_start")
                  .withValue(Integer.toString(lowest))
                  .build())
          .endSecurityContext();
    }
    return pod.build();
  }

  private static Container container(ProxyPeerSpec spec, Options options) {
    PodTemplate template = spec.template();
    ContainerBuilder container =
        new ContainerBuilder()
            .withName(CONTAINER)
            .withImage(template.image() == null ? options.peerImage() : template.image())
            // a key that this peer does not know yet is no reason to refuse what others wrote
            .withArgs("--config.file=" + MOUNT + "/" + ConfigMaps.CONFIG, "--lenient")
            .withEnv(
                field("POD_NAME", "metadata.name"),
                field("POD_NAMESPACE", "metadata.namespace"),
                field("POD_IP", "status.podIP"),
                field("NODE_NAME", "spec.nodeName"))
            .addNewPort()
            .withName(ServicePorts.PROXY)
            .withContainerPort(spec.listen().proxyPort())
            .withProtocol("TCP")
            .endPort()
            .addNewPort()
            .withName(ServicePorts.METRICS)
            .withContainerPort(spec.listen().metricsPort())
            .withProtocol("TCP")
            .endPort()
            .withResources(template.resources() == null ? resources() : template.resources())
            .withReadinessProbe(probe("/readyz", 1, 3))
            // Long: a pod that is busy is no better off for being killed.
            .withLivenessProbe(probe("/healthz", 10, 6))
            .addNewVolumeMount()
            .withName(PodVolumes.CONFIG)
            // A directory: a mount of the file alone would never change.
            .withMountPath(MOUNT)
            .withReadOnly(true)
            .endVolumeMount()
            .addNewVolumeMount()
            .withName(PodVolumes.TEMPORARY)
            .withMountPath("/tmp")
            .endVolumeMount()
            .withNewSecurityContext()
            .withAllowPrivilegeEscalation(false)
            .withReadOnlyRootFilesystem(true)
            .withNewCapabilities()
            .withDrop("ALL")
            .endCapabilities()
            .endSecurityContext();
    if (template.imagePullPolicy() != null) {
      container.withImagePullPolicy(
          switch (template.imagePullPolicy()) {
            case ALWAYS -> "Always";
            case IF_NOT_PRESENT -> "IfNotPresent";
            case NEVER -> "Never";
          });
    }
    Heap.options(container.buildResources())
        .ifPresent(flags -> container.addNewEnv().withName(JVM).withValue(flags).endEnv());
    long delay = drainDelay(spec);
    if (delay > 0) {
      // Serves on while the cluster takes the pod out of its Services; then SIGTERM drains it.
      container.withLifecycle(
          new LifecycleBuilder()
              .withNewPreStop()
              .withNewSleep()
              .withSeconds(delay)
              .endSleep()
              .endPreStop()
              .build());
    }
    return container.build();
  }

  private static long drainDelay(ProxyPeerSpec spec) {
    return seconds("delay", spec.drain().delay());
  }

  /** Rounded up: the kubelet knows whole seconds. */
  private static long seconds(String field, String text) {
    return Upstreams.duration("spec.drain." + field, text).plusMillis(999).toSeconds();
  }

  private static EnvVar field(String name, String path) {
    return new EnvVarBuilder()
        .withName(name)
        .withNewValueFrom()
        .withNewFieldRef()
        .withApiVersion("v1")
        .withFieldPath(path)
        .endFieldRef()
        .endValueFrom()
        .build();
  }

  private static Probe probe(String path, int period, int failures) {
    return new ProbeBuilder()
        .withNewHttpGet()
        .withPath(path)
        .withNewPort(ServicePorts.METRICS)
        .withScheme("HTTP")
        .endHttpGet()
        .withPeriodSeconds(period)
        .withTimeoutSeconds(2)
        .withFailureThreshold(failures)
        .build();
  }

  private static ResourceRequirements resources() {
    return new ResourceRequirementsBuilder()
        .addToRequests("cpu", new Quantity("50m"))
        .addToRequests("memory", new Quantity("96Mi"))
        .addToLimits("memory", new Quantity("256Mi"))
        .build();
  }

  private static List<TopologySpreadConstraint> spread(String name, PodTemplate template) {
    if (!template.topologySpreadConstraints().isEmpty()) {
      return template.topologySpreadConstraints();
    }
    return List.of(
        spreadOver("kubernetes.io/hostname", name),
        spreadOver("topology.kubernetes.io/zone", name));
  }

  private static TopologySpreadConstraint spreadOver(String key, String name) {
    return new TopologySpreadConstraintBuilder()
        .withMaxSkew(1)
        .withTopologyKey(key)
        .withWhenUnsatisfiable("ScheduleAnyway")
        .withNewLabelSelector()
        .withMatchLabels(Labels.selector(name))
        .endLabelSelector()
        .build();
  }

  private static Map<String, String> nullIfEmpty(Map<String, String> map) {
    return map.isEmpty() ? null : map;
  }
}
