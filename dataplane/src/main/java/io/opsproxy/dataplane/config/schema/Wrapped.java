package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.Optional;

/**
 * A value that may also be written as Envoy's files write optional numbers: {@code {value: 3}}.
 *
 * @param <T> the value's type
 */
public final class Wrapped<T> extends ValueType<T> {
  private final ValueType<T> inner;

  public Wrapped(ValueType<T> inner) {
    super(inner.label(), inner.remedy());
    this.inner = inner;
  }

  @Override
  public T parse(String text) {
    return inner.parse(text);
  }

  @Override
  boolean emptyIsUnset() {
    return inner.emptyIsUnset();
  }

  @Override
  public Optional<T> read(YamlNode node, Source at, String subject, Problems problems) {
    boolean wrapped =
        node instanceof YamlNode.Mapping mapping
            && mapping.entries().size() == 1
            && mapping.get("value") != null;
    return inner.read(
        wrapped ? ((YamlNode.Mapping) node).get("value") : node, at, subject, problems);
  }
}
