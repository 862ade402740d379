package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Kinds of a Service that a peer can have. */
public enum ServiceType {
  /** Reachable in the cluster. */
  @JsonProperty("ClusterIP")
  CLUSTER_IP,

  /** Reachable on a port of every node. */
  @JsonProperty("NodePort")
  NODE_PORT,

  /** Reachable through an address of the cloud. */
  @JsonProperty("LoadBalancer")
  LOAD_BALANCER
}
