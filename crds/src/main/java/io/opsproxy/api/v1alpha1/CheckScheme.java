package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How an endpoint is asked. */
public enum CheckScheme {
  /** TLS is tried first; what the endpoint turns out to speak is remembered. */
  @JsonProperty("Auto")
  AUTO,

  /** Plain HTTP. */
  @JsonProperty("HTTP")
  HTTP,

  /** HTTP over TLS. */
  @JsonProperty("HTTPS")
  HTTPS
}
