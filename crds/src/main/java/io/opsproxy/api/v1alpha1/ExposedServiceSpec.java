package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Names that a peer serves, and what serves them.
 *
 * @param peerRef The ProxyPeer that serves the names.
 * @param hostnames Names that clients ask for in the SNI of TLS or in the HTTP Host, exact or
 *     *.example.com. The name of the object by default.
 * @param backend Where the service runs.
 * @param listenerPort A port of the peer on which every connection goes to this service, whatever
 *     it says.
 * @param loadBalancing How connections are spread over the endpoints.
 * @param healthChecks Active checks; an endpoint is healthy when all of them say so.
 * @param outlierDetection Endpoints that fail to connect are left out for a while. Off when not
 *     set.
 * @param connect How connections to the endpoints are made.
 * @param proxyProtocol v1 or v2: the PROXY header that tells the endpoint the address of the
 *     client.
 */
@JsonClassDescription("Names that a peer serves, and what serves them.")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExposedServiceSpec(
    @JsonPropertyDescription("The ProxyPeer that serves the names.") @Required
        PeerReference peerRef,
    @JsonPropertyDescription(
            "Names that clients ask for in the SNI of TLS or in the HTTP Host, exact or *.example.com. The name of the object by default.")
        @ValidationRule(
            value = "self.all(a, self.exists_one(b, b.lowerAscii() == a.lowerAscii()))",
            message = "names that differ in capital letters only are the same name: write it once")
        @Size(max = 64)
        @Keyed
        List<@Size(max = 253) @Text(TextFormat.HOST_NAME) String> hostnames,
    @JsonPropertyDescription("Where the service runs.") @Required Backend backend,
    @JsonPropertyDescription(
            "A port of the peer on which every connection goes to this service, whatever it says.")
        @Min(1)
        @Max(65535)
        Integer listenerPort,
    @JsonPropertyDescription("How connections are spread over the endpoints.") @Default("{}")
        LoadBalancing loadBalancing,
    @JsonPropertyDescription("Active checks; an endpoint is healthy when all of them say so.")
        @Size(max = 8)
        List<HealthCheck> healthChecks,
    @JsonPropertyDescription(
            "Endpoints that fail to connect are left out for a while. Off when not set.")
        OutlierDetection outlierDetection,
    @JsonPropertyDescription("How connections to the endpoints are made.") @Default("{}")
        Connect connect,
    @JsonPropertyDescription(
            "v1 or v2: the PROXY header that tells the endpoint the address of the client.")
        ProxyProtocol proxyProtocol) {
  public ExposedServiceSpec {
    hostnames = hostnames == null ? List.of() : List.copyOf(hostnames);
    loadBalancing = loadBalancing == null ? LoadBalancing.DEFAULT : loadBalancing;
    healthChecks = healthChecks == null ? List.of() : List.copyOf(healthChecks);
    connect = connect == null ? Connect.DEFAULT : connect;
  }
}
