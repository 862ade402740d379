package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How a line of the log looks. */
public enum LogFormat {
  /** A line for people. */
  @JsonProperty("text")
  TEXT,

  /** A JSON object. */
  @JsonProperty("json")
  JSON
}
