package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Least level that is logged. */
public enum LogLevel {
  /** Everything. */
  @JsonProperty("debug")
  DEBUG,

  /** What happens. */
  @JsonProperty("info")
  INFO,

  /** What needs attention. */
  @JsonProperty("warn")
  WARN,

  /** What failed. */
  @JsonProperty("error")
  ERROR
}
