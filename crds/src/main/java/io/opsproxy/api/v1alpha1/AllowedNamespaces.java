package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LabelSelector;

/**
 * Which namespaces may attach ExposedServices and refer to a peer.
 *
 * @param from Same, All or Selector.
 * @param selector Labels of the namespaces, with from Selector.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "(self.from == 'Selector') == has(self.selector)",
    message = "selector is needed with from Selector, and means nothing without it")
public record AllowedNamespaces(
    @JsonPropertyDescription("Same, All or Selector.") @Default("Same") NamespacePolicy from,
    @JsonPropertyDescription("Labels of the namespaces, with from Selector.")
        LabelSelector selector) {
  /** What holds where nothing is said. */
  public static final AllowedNamespaces DEFAULT = new AllowedNamespaces(null, null);

  public AllowedNamespaces {
    from = from == null ? NamespacePolicy.SAME : from;
  }
}
