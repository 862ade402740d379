package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.Durations;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.time.Duration;
import java.util.Optional;

/**
 * A time span: a number of seconds (the seed's way), a number with a unit ({@code 500ms}, {@code
 * 1h30m}), or Envoy's {@code {seconds: 5, nanos: 0}}. At most 366 days. Reckoned in whole
 * nanoseconds; BigDecimal would cost 20 ms of the start.
 */
final class DurationType extends ValueType<Duration> {
  private final boolean zeroAllowed;

  DurationType(boolean zeroAllowed) {
    super("duration", "write seconds, such as 5 or 0.5, or a duration such as 500ms, 5s, 2m, 1h");
    this.zeroAllowed = zeroAllowed;
  }

  @Override
  boolean emptyIsUnset() {
    return false;
  }

  @Override
  public Duration parse(String text) {
    return Durations.parse(text, zeroAllowed);
  }

  @Override
  public Optional<Duration> read(YamlNode node, Source at, String subject, Problems problems) {
    if (!(node instanceof YamlNode.Mapping mapping)) {
      return super.read(node, at, subject, problems);
    }
    long seconds = part(mapping, "seconds", Durations.SECOND);
    long nanos = part(mapping, "nanos", 1);
    int known = (mapping.get("seconds") == null ? 0 : 1) + (mapping.get("nanos") == null ? 0 : 1);
    if (seconds == Durations.NONE
        || nanos == Durations.NONE
        || known == 0
        || known != mapping.entries().size()) {
      problems.error(at, subject + "not a duration", "write {seconds: 5, nanos: 0}, or 5s");
      return Optional.empty();
    }
    try {
      return Optional.of(
          Durations.checked(
              Durations.plus(seconds, nanos), false, zeroAllowed, "seconds and nanos"));
    } catch (IllegalArgumentException e) {
      problems.error(at, subject + e.getMessage(), remedy());
      return Optional.empty();
    }
  }

  /** Zero when absent, {@link Durations#NONE} when it is no number. */
  private static long part(YamlNode.Mapping mapping, String key, long unit) {
    YamlNode node = mapping.get(key);
    if (node == null) {
      return 0;
    }
    return node instanceof YamlNode.Scalar scalar
        ? Durations.number(scalar.text(), unit)
        : Durations.NONE;
  }
}
