package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** State of the link to a remote peer over all pods. */
public enum LinkState {
  /** Every pod has it. */
  @JsonProperty("Connected")
  CONNECTED,

  /** Some pods have it. */
  @JsonProperty("Partial")
  PARTIAL,

  /** No pod has it. */
  @JsonProperty("Disconnected")
  DISCONNECTED,

  /** No pod has been asked yet. */
  @JsonProperty("Unknown")
  UNKNOWN
}
