package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Who has a name. */
public enum NameState {
  /** This object. */
  @JsonProperty("Served")
  SERVED,

  /** Another object, that is older. */
  @JsonProperty("Conflict")
  CONFLICT
}
