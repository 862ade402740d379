package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where the certificate of a peer comes from. */
public enum IdentityMode {
  /** It has none, and speaks protocol v1. */
  @JsonProperty("None")
  NONE,

  /** From a Secret of the namespace of the peer. */
  @JsonProperty("Secret")
  SECRET
}
