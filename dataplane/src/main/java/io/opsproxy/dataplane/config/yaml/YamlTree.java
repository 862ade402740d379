package io.opsproxy.dataplane.config.yaml;

import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import java.util.ArrayList;
import java.util.List;

/**
 * One mapping of a file and where it stands: what its keys hold, whatever that may mean. Immutable.
 *
 * @param mapping its entries
 * @param at its place
 */
public record YamlTree(YamlNode.Mapping mapping, Source at) {

  /** One without entries. */
  public static YamlTree empty(Source at) {
    return new YamlTree(new YamlNode.Mapping(List.of(), at.line()), at);
  }

  /** The entries as they stand. */
  public List<YamlNode.Entry> entries() {
    return mapping.entries();
  }

  /** The node of a key, or null when it is absent or says nothing. */
  public YamlNode node(String key) {
    YamlNode node = mapping.get(key);
    return node == null || node.isNull() ? null : node;
  }

  /** Where the key stands, or the mapping when it does not. */
  public Source at(String key) {
    for (YamlNode.Entry entry : mapping.entries()) {
      if (entry.key().equals(key)) {
        return at.key(entry.key(), entry.line());
      }
    }
    return at;
  }

  /** The items of a list that a key holds, each with its place. */
  public List<Sourced<YamlNode>> items(String key, YamlNode.Sequence list) {
    Source place = at(key);
    List<Sourced<YamlNode>> items = new ArrayList<>();
    for (int i = 0; i < list.items().size(); i++) {
      YamlNode item = list.items().get(i);
      items.add(new Sourced<>(item, place.item(i, item.line())));
    }
    return items;
  }
}
