package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What an address is. */
public enum AddressType {
  /** A name of the DNS. */
  @JsonProperty("Hostname")
  HOSTNAME,

  /** An IP address. */
  @JsonProperty("IPAddress")
  IP_ADDRESS
}
