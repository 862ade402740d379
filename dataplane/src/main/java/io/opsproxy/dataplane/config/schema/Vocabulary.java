package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.yaml.YamlNode;

/** Which keys one kind of file may have, section by section. */
public abstract class Vocabulary {
  private static final int MAX_SHOWN = 64;

  /**
   * Says what there is to say about an entry that stands in a section.
   *
   * @param section as in {@link ConfigKey#section}
   * @param at where the entry stands
   */
  public abstract void check(String section, YamlNode.Entry entry, Source at, Problems problems);

  /** Whether a section may stand in place of a list of one. */
  public boolean oneIsAList() {
    return false;
  }

  /** A path is shown as it is, so what stands in it must be a plain word. */
  public static String shown(String key) {
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      if (c <= ' ' || c >= 127 || i >= MAX_SHOWN) {
        return "(unknown)";
      }
    }
    return key;
  }
}
