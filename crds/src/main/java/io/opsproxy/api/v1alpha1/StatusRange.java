package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * HTTP statuses from start up to, not including, end.
 *
 * @param start First status that belongs to it.
 * @param end First status that does not.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "self.start < self.end",
    message = "start must be below end: the range ends before it")
public record StatusRange(
    @JsonPropertyDescription("First status that belongs to it.") @Required @Min(100) @Max(599)
        Integer start,
    @JsonPropertyDescription("First status that does not.") @Required @Min(101) @Max(600)
        Integer end) {}
