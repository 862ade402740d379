package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.openshift.api.model.monitoring.v1.PrometheusRuleBuilder;
import io.fabric8.openshift.api.model.monitoring.v1.Rule;
import io.fabric8.openshift.api.model.monitoring.v1.RuleBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What somebody on call wants to know of a peer. The first choice of a severity: {@code critical}
 * when clients are being turned away or soon will be, {@code warning} when somebody has to look
 * within the day.
 */
final class Alerts {
  /** Stands for the labels that select the pods of one peer. */
  private static final String SCOPE = "SCOPE";

  /** Where the sections about the alerts stand, in the repository. */
  private static final String RUNBOOKS = "docs/runbooks.md";

  /** Where the documents are published. */
  private static final String SITE = "https://opsproxy.io/";

  private Alerts() {}

  /**
   * @param expression with {@link #SCOPE} where the labels of the peer belong
   * @param duration how long it has to hold
   */
  record Alert(String name, String expression, String duration, String severity, String summary) {
    /** For the series that these matchers select. */
    String expressionFor(String matchers) {
      return expression.replace(SCOPE, matchers);
    }

    /** The section that says what to do. */
    String runbook() {
      return RUNBOOKS + "#" + name.toLowerCase(Locale.ROOT);
    }

    /** The same as an address, under the name by which consoles of alerts find it. */
    String runbookUrl() {
      return SITE + runbook();
    }
  }

  private static final Alert CONFIG_DIFFERS =
      new Alert(
          "OpsProxyConfigDiffers",
          "count by (namespace) (count by (namespace, hash) (ops_proxy_config_info{SCOPE})) > 1",
          "5m",
          "warning",
          "Pods of one peer in {{ $labels.namespace }} have run different configurations for 5 minutes.");

  static final List<Alert> ALERTS =
      List.of(
          new Alert(
              "OpsProxyPeerDown",
              "up{SCOPE} == 0",
              "2m",
              "critical",
              "The metrics of peer {{ $labels.pod }} cannot be read: it is down or unreachable."),
          new Alert(
              "OpsProxyLinkDown",
              "ops_proxy_peer_link_up{SCOPE} == 0",
              "2m",
              "critical",
              "Peer {{ $labels.pod }} has no link to {{ $labels.remote }}."),
          new Alert(
              "OpsProxyNameWithoutOwner",
              "ops_proxy_client_up{SCOPE} == 0",
              "5m",
              "warning",
              "The last peer that served {{ $labels.client_name }} has left."),
          new Alert(
              "OpsProxyNoHealthyEndpoint",
              "sum by (namespace, pod, service) (ops_proxy_endpoint_healthy{SCOPE}) == 0",
              "1m",
              "critical",
              "Peer {{ $labels.pod }} finds no healthy endpoint of {{ $labels.service }}."),
          new Alert(
              "OpsProxyConfigRefused",
              "ops_proxy_config_last_reload_successful{SCOPE} == 0",
              "1m",
              "warning",
              "Peer {{ $labels.pod }} refused its new configuration and goes on with the old one."),
          CONFIG_DIFFERS,
          new Alert(
              "OpsProxyCertificateNearEnd",
              "min by (namespace, service, endpoint)"
                  + " (ops_proxy_endpoint_certificate_expiry_timestamp_seconds{SCOPE}) - time() < 14 * 86400",
              "1h",
              "warning",
              "The certificate of {{ $labels.endpoint }} ({{ $labels.service }}) ends in {{ $value | humanizeDuration }}."),
          new Alert(
              "OpsProxyMeshCertificateNearEnd",
              "min by (namespace, pod, which)"
                  + " (ops_proxy_mesh_certificate_expiry_timestamp_seconds{SCOPE}) - time() < 7 * 86400",
              "1h",
              "warning",
              "A certificate of the links of {{ $labels.pod }} ({{ $labels.which }}) ends in {{ $value | humanizeDuration }}."),
          new Alert(
              "OpsProxyFewDescriptors",
              "ops_proxy_open_streams{SCOPE} / ops_proxy_max_streams{SCOPE} > 0.8",
              "5m",
              "warning",
              "Peer {{ $labels.pod }} uses {{ $value | humanizePercentage }} of its file descriptors."));

  /** Those that hold for any peer; peers that are not replicas of one another differ rightly. */
  static List<Alert> ofSinglePeers() {
    return ALERTS.stream().filter(alert -> !alert.equals(CONFIG_DIFFERS)).toList();
  }

  static HasMetadata of(ProxyPeer peer) {
    ObjectKey key = ObjectKey.of(peer);
    // The monitors give the name of the peer as the job: names of pods are cut when they are long.
    String scope = "namespace=\"" + key.namespace() + "\", job=\"" + key.name() + "\"";
    return new PrometheusRuleBuilder()
        .withMetadata(Child.meta(peer, key.name(), peer.getSpec().monitoring().labels(), Map.of()))
        .withNewSpec()
        .addNewGroup()
        .withName("ops-proxy-" + key.namespace() + "-" + key.name())
        .withRules(ALERTS.stream().map(alert -> rule(alert, scope, key)).toList())
        .endGroup()
        .endSpec()
        .build();
  }

  private static Rule rule(Alert alert, String scope, ObjectKey peer) {
    return new RuleBuilder()
        .withAlert(alert.name())
        .withExpr(new IntOrString(alert.expressionFor(scope)))
        .withFor(alert.duration())
        .addToLabels("severity", alert.severity())
        .addToLabels("proxypeer", peer.name())
        .addToAnnotations("summary", alert.summary())
        .addToAnnotations("runbook", alert.runbook())
        .addToAnnotations("runbook_url", alert.runbookUrl())
        .build();
  }
}
