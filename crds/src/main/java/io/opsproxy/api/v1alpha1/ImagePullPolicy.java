package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** When the image is pulled. */
public enum ImagePullPolicy {
  /** At every start of a pod. */
  @JsonProperty("Always")
  ALWAYS,

  /** When the node has none. */
  @JsonProperty("IfNotPresent")
  IF_NOT_PRESENT,

  /** Never. */
  @JsonProperty("Never")
  NEVER
}
