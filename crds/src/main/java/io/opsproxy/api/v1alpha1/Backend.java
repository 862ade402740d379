package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * Where a service runs: a Service of the namespace, or addresses.
 *
 * @param serviceRef A Service of the same namespace.
 * @param addresses Endpoints by address, in this cluster or not.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "has(self.serviceRef) != has(self.addresses)",
    message = "a backend has either serviceRef or addresses")
public record Backend(
    @JsonPropertyDescription("A Service of the same namespace.") ServiceReference serviceRef,
    @JsonPropertyDescription("Endpoints by address, in this cluster or not.")
        @Size(min = 1, max = 64)
        @Keyed("address")
        List<BackendAddress> addresses) {
  public Backend {
    addresses = addresses == null ? List.of() : List.copyOf(addresses);
  }
}
