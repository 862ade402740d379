package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.Monitoring;
import io.opsproxy.api.v1alpha1.MonitoringMode;

/** Kinds of the Prometheus operator, which a cluster may have or not. */
public enum OptionalKind {
  SERVICE_MONITOR("ServiceMonitor", "servicemonitors"),
  POD_MONITOR("PodMonitor", "podmonitors"),
  PROMETHEUS_RULE("PrometheusRule", "prometheusrules");

  public static final String GROUP = "monitoring.coreos.com";
  public static final String VERSION = "v1";

  private final String kind;
  private final String plural;

  OptionalKind(String kind, String plural) {
    this.kind = kind;
    this.plural = plural;
  }

  public String kind() {
    return kind;
  }

  public String plural() {
    return plural;
  }

  /** Whether the user wants it in any case. */
  boolean demanded(Monitoring monitoring) {
    MonitoringMode mode =
        switch (this) {
          case SERVICE_MONITOR -> monitoring.serviceMonitor();
          case POD_MONITOR -> monitoring.podMonitor();
          case PROMETHEUS_RULE -> monitoring.prometheusRule();
        };
    return mode == MonitoringMode.ENABLED;
  }
}
