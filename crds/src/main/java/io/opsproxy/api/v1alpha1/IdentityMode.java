package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the certificate of a peer comes from. */
public enum IdentityMode {
  /** The operator issues it, and renews it. */
  @JsonProperty("Issued")
  ISSUED,

  /** It has none, and speaks protocol v1. */
  @JsonProperty("None")
  NONE,

  /** From a Secret of the namespace of the peer. */
  @JsonProperty("Secret")
  SECRET
}
