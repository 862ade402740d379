package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.envoy.EnvoyFields.Standing;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ConfigKeys;
import io.opsproxy.dataplane.config.schema.Vocabulary;
import io.opsproxy.dataplane.config.value.Nearest;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * That of Envoy's files. A field that does not exist is an error, as it is for Envoy in the
 * bootstrap; Envoy itself lets it pass in the files that the bootstrap names (envoy#7857), where a
 * misspelt word then silently does nothing.
 */
final class EnvoyVocabulary extends Vocabulary {
  static final EnvoyVocabulary INSTANCE = new EnvoyVocabulary();

  private final Map<String, Map<String, Standing>> others = EnvoyFields.table();

  private final Map<String, EnvoyRefusals.Refusal> refusals = EnvoyRefusals.table();

  private EnvoyVocabulary() {}

  @Override
  public void check(String section, YamlNode.Entry entry, Source at, Problems problems) {
    String field = entry.key();
    if (isUsed(section, field)) {
      return;
    }
    Standing standing = others(section).get(field);
    if (standing == null) {
      problems.unknownKey(
          at,
          "Envoy has no field " + Quoted.of(field) + " here",
          Nearest.of(field, fields(section)),
          true);
    } else if (standing == Standing.IGNORED) {
      problems.warning(
          at, Quoted.of(field) + " has no effect here", "leave it for Envoy, or remove it");
    } else if (standing == Standing.REFUSED) {
      EnvoyRefusals.Refusal refusal = refusals.get(section + "." + field);
      if (!isUnset(entry.value(), refusal.harmless())) {
        problems.error(
            at, Quoted.of(field) + " is not served: " + refusal.lost(), refusal.remedy());
      }
    }
  }

  /** As protobuf reads JSON. */
  @Override
  public boolean oneIsAList() {
    return true;
  }

  private Map<String, Standing> others(String section) {
    return others.getOrDefault(section, Map.of());
  }

  private static boolean isUsed(String section, String field) {
    for (ConfigKey<?> key : EnvoyKeys.all()) {
      if (key.section().equals(section) && key.name().equals(field)) {
        return true;
      }
    }
    return ConfigKeys.find(section, field) != null;
  }

  private List<String> fields(String section) {
    List<String> fields = new ArrayList<>(others(section).keySet());
    for (List<ConfigKey<?>> keys : List.of(EnvoyKeys.all(), ConfigKeys.all())) {
      for (ConfigKey<?> key : keys) {
        if (key.section().equals(section)) {
          fields.add(key.name());
        }
      }
    }
    fields.sort(null);
    return fields;
  }

  /** Whether it stands as Envoy's default would; an empty message is more than none. */
  private static boolean isUnset(YamlNode node, String harmless) {
    if (node instanceof YamlNode.Scalar scalar) {
      return scalar.isNull()
          || scalar.text().isEmpty()
          || scalar.text().equals("false")
          || scalar.text().equals(harmless);
    }
    if (node instanceof YamlNode.Mapping mapping
        && mapping.entries().size() == 1
        && mapping.get("value") instanceof YamlNode.Scalar wrapped) {
      return wrapped.text().equals("false") || wrapped.text().equals(harmless);
    }
    return node instanceof YamlNode.Sequence sequence && sequence.items().isEmpty();
  }
}
