package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.schema.ConfigKey.Standing;
import io.opsproxy.dataplane.config.value.Nearest;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;

/** That of the peer's own files, {@link ConfigKeys}: what is not known has no effect. */
final class PeerVocabulary extends Vocabulary {
  static final PeerVocabulary INSTANCE = new PeerVocabulary();

  private PeerVocabulary() {}

  @Override
  public void check(String section, YamlNode.Entry entry, Source at, Problems problems) {
    String name = entry.key();
    ConfigKey<?> key = ConfigKeys.find(section, name);
    if (key == null) {
      String nearest = Nearest.of(name, currentKeys(section));
      problems.unknownKey(
          at, "unknown key " + Quoted.of(name) + " has no effect", nearest, nearest != null);
    }
  }

  private static List<String> currentKeys(String section) {
    List<String> names = new ArrayList<>();
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (key.section().equals(section) && key.standing() != Standing.OLD_NAME) {
        names.add(key.name());
      }
    }
    return names;
  }
}
