package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Versions of the PROXY header. */
public enum ProxyProtocol {
  /** Text. */
  @JsonProperty("v1")
  V1,

  /** Binary. */
  @JsonProperty("v2")
  V2
}
