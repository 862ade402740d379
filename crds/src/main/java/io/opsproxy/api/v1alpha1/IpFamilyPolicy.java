package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which families of IP addresses a Service has. */
public enum IpFamilyPolicy {
  /** One. */
  @JsonProperty("SingleStack")
  SINGLE_STACK,

  /** Both where the cluster has both. */
  @JsonProperty("PreferDualStack")
  PREFER_DUAL_STACK,

  /** Both, or the Service is refused. */
  @JsonProperty("RequireDualStack")
  REQUIRE_DUAL_STACK
}
