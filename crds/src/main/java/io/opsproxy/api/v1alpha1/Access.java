package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * What clients may do beyond reaching names that are served.
 *
 * @param connect Targets that HTTP CONNECT may reach although no service has their name, as
 *     HOST:PORT; the host may be *.example.com, the port *.
 * @param trustedProxies Source addresses whose PROXY header is believed, as CIDRs. From anyone else
 *     it closes the connection.
 * @param localBackends Whether ExposedServices of other namespaces may name loopback and link-local
 *     addresses, behind which are the pod's own pages and those of its node. No by default.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Access(
    @JsonPropertyDescription(
            "Targets that HTTP CONNECT may reach although no service has their name, as HOST:PORT; the host may be *.example.com, the port *.")
        @Size(max = 256)
        @Keyed
        List<@Size(max = 261) @Text(TextFormat.CONNECT_TARGET) String> connect,
    @JsonPropertyDescription(
            "Source addresses whose PROXY header is believed, as CIDRs. From anyone else it closes the connection.")
        @Size(max = 256)
        @Keyed
        List<@Size(max = 64) @Text(TextFormat.ADDRESS_RANGE) String> trustedProxies,
    @JsonPropertyDescription(
            "Whether ExposedServices of other namespaces may name loopback and link-local addresses, behind which are the pod's own pages and those of its node. No by default.")
        @Default("false")
        Boolean localBackends) {
  /** What holds where nothing is said. */
  public static final Access DEFAULT = new Access(null, null, null);

  public Access {
    connect = connect == null ? List.of() : List.copyOf(connect);
    trustedProxies = trustedProxies == null ? List.of() : List.copyOf(trustedProxies);
    localBackends = localBackends != null && localBackends;
  }
}
