package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.openshift.api.model.monitoring.v1.PodMonitorBuilder;
import io.fabric8.openshift.api.model.monitoring.v1.ServiceMonitorBuilder;
import io.opsproxy.api.v1alpha1.Monitoring;
import io.opsproxy.api.v1alpha1.MonitoringMode;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Objects for Prometheus and Grafana. Each pod is scraped once. */
final class Monitors {
  private static final String PATH = "/metrics";

  private Monitors() {}

  /**
   * @param kinds those that the cluster has
   */
  static List<HasMetadata> of(ProxyPeer peer, Set<OptionalKind> kinds) {
    Monitoring wanted = peer.getSpec().monitoring();
    boolean scraped = made(wanted.serviceMonitor(), OptionalKind.SERVICE_MONITOR, kinds);
    List<HasMetadata> objects = new ArrayList<>();
    if (scraped) {
      objects.add(serviceMonitor(peer, wanted));
    }
    boolean onlyPodMonitor = wanted.podMonitor() == MonitoringMode.ENABLED || !scraped;
    if (onlyPodMonitor && made(wanted.podMonitor(), OptionalKind.POD_MONITOR, kinds)) {
      objects.add(podMonitor(peer, wanted));
    }
    if (made(wanted.prometheusRule(), OptionalKind.PROMETHEUS_RULE, kinds)) {
      objects.add(Alerts.of(peer));
    }
    boolean dashboard =
        wanted.dashboard() == MonitoringMode.ENABLED
            || (wanted.dashboard() == MonitoringMode.AUTO
                && kinds.contains(OptionalKind.SERVICE_MONITOR));
    if (dashboard) {
      objects.add(dashboard(peer));
    }
    return objects;
  }

  private static boolean made(MonitoringMode mode, OptionalKind kind, Set<OptionalKind> kinds) {
    return mode != MonitoringMode.DISABLED && kinds.contains(kind);
  }

  private static HasMetadata serviceMonitor(ProxyPeer peer, Monitoring wanted) {
    String name = peer.getMetadata().getName();
    Map<String, String> selector = new LinkedHashMap<>(Labels.selector(name));
    selector.put(Labels.SCRAPE, "true");
    return new ServiceMonitorBuilder()
        .withMetadata(Child.meta(peer, name, wanted.labels(), Map.of()))
        .withNewSpec()
        .withJobLabel(Labels.INSTANCE)
        .withNewSelector()
        .withMatchLabels(selector)
        .endSelector()
        .addNewEndpoint()
        .withPort(ServicePorts.METRICS)
        .withPath(PATH)
        .withInterval(wanted.interval())
        .withHonorLabels(true)
        .endEndpoint()
        .endSpec()
        .build();
  }

  private static HasMetadata podMonitor(ProxyPeer peer, Monitoring wanted) {
    String name = peer.getMetadata().getName();
    return new PodMonitorBuilder()
        .withMetadata(Child.meta(peer, name, wanted.labels(), Map.of()))
        .withNewSpec()
        .withJobLabel(Labels.INSTANCE)
        .withNewSelector()
        .withMatchLabels(Labels.selector(name))
        .endSelector()
        .addNewPodMetricsEndpoint()
        .withPort(ServicePorts.METRICS)
        .withPath(PATH)
        .withInterval(wanted.interval())
        .withHonorLabels(true)
        .endPodMetricsEndpoint()
        .endSpec()
        .build();
  }

  /** The shipped dashboard, as the sidecar of Grafana finds it, under a name of its own. */
  private static HasMetadata dashboard(ProxyPeer peer) {
    String name = peer.getMetadata().getName();
    Map<String, String> labels = new LinkedHashMap<>(peer.getSpec().monitoring().labels());
    labels.put(Dashboard.LABEL, "1");
    return new ConfigMapBuilder()
        .withMetadata(Child.meta(peer, ChildNames.dashboard(name), labels, Map.of()))
        .addToData(
            "ops-proxy-" + peer.getMetadata().getNamespace() + "-" + name + ".json",
            Dashboard.of(ObjectKey.of(peer)))
        .build();
  }
}
