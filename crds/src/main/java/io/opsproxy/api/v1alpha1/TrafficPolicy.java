package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a Service sends what arrives at a node. */
public enum TrafficPolicy {
  /** To any pod. */
  @JsonProperty("Cluster")
  CLUSTER,

  /** Only to pods of that node, which keeps the source address of the client. */
  @JsonProperty("Local")
  LOCAL
}
