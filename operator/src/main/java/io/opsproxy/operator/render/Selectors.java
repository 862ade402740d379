package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import java.util.List;
import java.util.Map;

/** Label selectors, with the meaning that the Kubernetes API gives them. */
final class Selectors {
  private Selectors() {}

  /** Whether all requirements hold; an empty selector selects everything, none at all nothing. */
  static boolean matches(LabelSelector selector, Map<String, String> labels) {
    if (selector == null) {
      return false;
    }
    Map<String, String> exact = selector.getMatchLabels();
    if (exact != null && !labels.entrySet().containsAll(exact.entrySet())) {
      return false;
    }
    List<LabelSelectorRequirement> requirements = selector.getMatchExpressions();
    return requirements == null || requirements.stream().allMatch(one -> holds(one, labels));
  }

  private static boolean holds(LabelSelectorRequirement requirement, Map<String, String> labels) {
    String value = labels.get(requirement.getKey());
    return switch (requirement.getOperator()) {
      case "In" -> value != null && requirement.getValues().contains(value);
      case "NotIn" -> value == null || !requirement.getValues().contains(value);
      case "Exists" -> value != null;
      case "DoesNotExist" -> value == null;
      default -> false;
    };
  }
}
