package io.opsproxy.dataplane.route;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An immutable map from names to targets, and the one matcher: an exact name first, else the
 * longest wildcard. {@code *.example.com} matches any name below {@code example.com}, of one label
 * or more, and not {@code example.com} itself.
 */
public final class NameTable<T> {

  /**
   * A look-up that found something.
   *
   * @param rule the configured or registered name that matched
   */
  public record Match<T>(HostName rule, T target) {}

  private final Map<String, Match<T>> exact = new HashMap<>();
  private final Map<String, Match<T>> wildcards = new HashMap<>();
  private final Map<HostName, T> all;

  public NameTable(Map<HostName, T> targets) {
    all = Map.copyOf(targets);
    all.forEach(
        (name, target) -> {
          if (name.isWildcard()) {
            wildcards.put(name.value().substring(1), new Match<>(name, target));
          } else {
            exact.put(name.value(), new Match<>(name, target));
          }
        });
  }

  /** The best match for a client's name. */
  public Optional<Match<T>> find(HostName name) {
    String value = name.value();
    Match<T> match = exact.get(value);
    if (match == null && !wildcards.isEmpty()) {
      for (int dot = value.indexOf('.', 1);
          dot >= 0 && match == null;
          dot = value.indexOf('.', dot + 1)) {
        match = wildcards.get(value.substring(dot));
      }
    }
    return Optional.ofNullable(match);
  }

  /** The target of exactly this rule, wildcard or not. */
  public Optional<T> get(HostName rule) {
    return Optional.ofNullable(all.get(rule));
  }

  /** All rules. */
  public Set<HostName> names() {
    return all.keySet();
  }

  /** All rules with their targets. */
  public Map<HostName, T> entries() {
    return all;
  }
}
