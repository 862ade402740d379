package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.IntOrString;

/**
 * A Service of the namespace of the object, and one of its ports.
 *
 * @param name Name of the Service.
 * @param port Port of the Service, by number or by name.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ServiceReference(
    @JsonPropertyDescription("Name of the Service.")
        @Required
        @Pattern("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")
        @Size(min = 1, max = 63)
        String name,
    @JsonPropertyDescription("Port of the Service, by number or by name.")
        @Required
        @ValidationRule(
            value =
                "type(self) == int ? self >= 1 && self <= 65535 : string(self).matches('^[a-z0-9-]{1,15}$')",
            message = "write the number of a port, 1 to 65535, or its name")
        IntOrString port) {}
