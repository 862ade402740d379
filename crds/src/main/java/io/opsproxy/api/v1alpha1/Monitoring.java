package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.Map;

/**
 * Objects for Prometheus and Grafana. Auto makes each where its kind exists.
 *
 * @param serviceMonitor The ServiceMonitor that has the pods scraped.
 * @param podMonitor The PodMonitor. A pod is scraped once: Auto makes it only where there is no
 *     ServiceMonitor.
 * @param prometheusRule The PrometheusRule with alerts.
 * @param dashboard A ConfigMap that the sidecar of Grafana loads. Auto makes it where the
 *     ServiceMonitor kind exists.
 * @param interval How often pods are scraped.
 * @param labels Further labels of these objects, by which a Prometheus selects what it reads.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Monitoring(
    @JsonPropertyDescription("The ServiceMonitor that has the pods scraped.") @Default("Auto")
        MonitoringMode serviceMonitor,
    @JsonPropertyDescription(
            "The PodMonitor. A pod is scraped once: Auto makes it only where there is no ServiceMonitor.")
        @Default("Auto")
        MonitoringMode podMonitor,
    @JsonPropertyDescription("The PrometheusRule with alerts.") @Default("Auto")
        MonitoringMode prometheusRule,
    @JsonPropertyDescription(
            "A ConfigMap that the sidecar of Grafana loads. Auto makes it where the ServiceMonitor kind exists.")
        @Default("Auto")
        MonitoringMode dashboard,
    @JsonPropertyDescription("How often pods are scraped.")
        @Size(max = 16)
        @Default("30s")
        @Text(TextFormat.SCRAPE_INTERVAL)
        String interval,
    @JsonPropertyDescription(
            "Further labels of these objects, by which a Prometheus selects what it reads.")
        @Size(max = 64)
        Map<String, @Size(max = 63) @Text(TextFormat.LABEL_VALUE) String> labels) {
  /** What holds where nothing is said. */
  public static final Monitoring DEFAULT = new Monitoring(null, null, null, null, null, null);

  public Monitoring {
    serviceMonitor = serviceMonitor == null ? MonitoringMode.AUTO : serviceMonitor;
    podMonitor = podMonitor == null ? MonitoringMode.AUTO : podMonitor;
    prometheusRule = prometheusRule == null ? MonitoringMode.AUTO : prometheusRule;
    dashboard = dashboard == null ? MonitoringMode.AUTO : dashboard;
    interval = interval == null ? "30s" : interval;
    labels = labels == null ? Map.of() : Map.copyOf(labels);
  }
}
