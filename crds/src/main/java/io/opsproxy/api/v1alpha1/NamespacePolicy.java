package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Which namespaces may attach to a peer. */
public enum NamespacePolicy {
  /** The namespace of the peer. */
  @JsonProperty("Same")
  SAME,

  /** All namespaces. */
  @JsonProperty("All")
  ALL,

  /** Those whose labels match the selector. */
  @JsonProperty("Selector")
  SELECTOR
}
