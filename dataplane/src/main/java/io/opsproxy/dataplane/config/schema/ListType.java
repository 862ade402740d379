package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.ServiceAddress;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A list: in YAML a list or one text with commas, in a variable a text with commas. White space
 * around items is ignored, empty items are skipped, each bad item is a problem of its own.
 *
 * @param <T> the type of an item
 */
final class ListType<T> extends ValueType<List<Sourced<T>>> {
  private final ValueType<T> item;

  ListType(String label, ValueType<T> item) {
    super(label, item.remedy());
    this.item = item;
  }

  /** Only for defaults, which stand nowhere. */
  @Override
  public List<Sourced<T>> parse(String text) {
    List<Sourced<T>> items = new ArrayList<>();
    for (String part : ServiceAddress.split(text)) {
      items.add(new Sourced<>(item.parse(part), Source.DEFAULT));
    }
    return List.copyOf(items);
  }

  /** Present, without the bad items, so that the good ones are still checked against the rest. */
  @Override
  public Optional<List<Sourced<T>>> read(
      YamlNode node, Source at, String subject, Problems problems) {
    List<Sourced<T>> items = new ArrayList<>();
    if (node instanceof YamlNode.Scalar scalar) {
      for (String part : ServiceAddress.split(scalar.text())) {
        add(items, item.readText(part, at, subject, problems), at);
      }
    } else if (node instanceof YamlNode.Sequence sequence) {
      for (int i = 0; i < sequence.items().size(); i++) {
        YamlNode element = sequence.items().get(i);
        Source place = at.item(i, element.line());
        add(items, item.read(element, place, subject, problems), place);
      }
    } else {
      problems.error(at, subject + "expected a list, found " + node.kind(), remedy());
      return Optional.empty();
    }
    return Optional.of(List.copyOf(items));
  }

  private static <T> void add(List<Sourced<T>> items, Optional<T> value, Source at) {
    if (value.isPresent()) {
      items.add(new Sourced<>(value.get(), at));
    }
  }
}
