package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * Names that ExposedServices of some namespaces may take.
 *
 * @param namespaces Which namespaces; that of the peer by default.
 * @param hostnames Names, exact or *.example.com for all names below example.com; * for any.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AllowedHostnames(
    @JsonPropertyDescription("Which namespaces; that of the peer by default.") @Default("{}")
        AllowedNamespaces namespaces,
    @JsonPropertyDescription(
            "Names, exact or *.example.com for all names below example.com; * for any.")
        @Required
        @Size(min = 1, max = 64)
        @Keyed
        List<@Size(max = 253) @Text(TextFormat.ALLOWED_NAME) String> hostnames) {
  public AllowedHostnames {
    namespaces = namespaces == null ? AllowedNamespaces.DEFAULT : namespaces;
    hostnames = hostnames == null ? List.of() : List.copyOf(hostnames);
  }
}
