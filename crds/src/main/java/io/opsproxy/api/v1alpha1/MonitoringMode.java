package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When an object of another product is made. */
public enum MonitoringMode {
  /** Where its kind exists in the cluster. */
  @JsonProperty("Auto")
  AUTO,

  /** Always; a cluster without the kind is reported. */
  @JsonProperty("Enabled")
  ENABLED,

  /** Never. */
  @JsonProperty("Disabled")
  DISABLED
}
