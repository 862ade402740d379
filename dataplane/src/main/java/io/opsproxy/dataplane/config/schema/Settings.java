package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of the plain sections, the strongest layer of each: flag over environment over file
 * over default. Values of weaker layers have been checked all the same.
 */
public final class Settings {
  private final Map<ConfigKey<?>, Sourced<?>> values = new HashMap<>();
  private final Set<ConfigKey<?>> bad = new HashSet<>();
  private final Problems problems;

  public Settings(Problems problems) {
    this.problems = problems;
  }

  /** Reads one plain section of the file. */
  public void readSection(YamlSection section, String name) {
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (key.section().equals(name)) {
        readFile(section, key);
      }
    }
  }

  private <T> void readFile(YamlSection section, ConfigKey<T> key) {
    if (key.type().holdsSections()) {
      return;
    }
    int errors = problems.errors();
    Optional<Sourced<T>> value = section.read(key, "");
    if (value.isPresent()) {
      put(key, value.get());
    }
    noteIfBad(key, errors);
  }

  /** Reads all variables. One that is set to nothing counts as not set. */
  public void readEnvironment(Map<String, String> environment) {
    for (ConfigKey<?> key : ConfigKeys.all()) {
      readVariables(environment, key);
    }
  }

  private <T> void readVariables(Map<String, String> environment, ConfigKey<T> key) {
    boolean found = false;
    for (String variable : key.variables()) {
      String text = environment.get(variable);
      if (text == null || text.isBlank()) {
        continue;
      }
      Source at = Source.variable(variable);
      int errors = problems.errors();
      Optional<T> value = key.type().read(scalar(text), at, "", problems);
      // The new name of a variable wins over the old, but a bad value is never passed over.
      if (value.isPresent() && !found) {
        put(key, new Sourced<>(value.get(), at));
        found = true;
      }
      noteIfBad(key, errors);
    }
  }

  /** Reads all flags. */
  public void readFlags(Map<String, String> flags) {
    for (Map.Entry<String, String> flag : flags.entrySet()) {
      ConfigKey<?> key = byFlag(flag.getKey());
      if (key == null) {
        problems.error(
            Source.flag(flag.getKey()), "no such flag", "use --help to see those there are");
      } else {
        readFlag(key, flag.getKey(), flag.getValue());
      }
    }
  }

  private <T> void readFlag(ConfigKey<T> key, String flag, String text) {
    Source at = Source.flag(flag);
    int errors = problems.errors();
    Optional<T> value = key.type().read(scalar(text), at, "", problems);
    if (value.isPresent()) {
      put(key, new Sourced<>(value.get(), at));
    }
    noteIfBad(key, errors);
  }

  private void noteIfBad(ConfigKey<?> key, int errorsBefore) {
    if (problems.errors() > errorsBefore) {
      bad.add(key);
    }
  }

  /** Whether an error was found in some layer, so that {@link #get} may not be what was meant. */
  public boolean isBad(ConfigKey<?> key) {
    return bad.contains(key);
  }

  private static ConfigKey<?> byFlag(String flag) {
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (!key.flag().isEmpty() && key.flag().equals(flag)) {
        return key;
      }
    }
    return null;
  }

  private static YamlNode.Scalar scalar(String text) {
    return new YamlNode.Scalar(text.strip(), false, 0);
  }

  /** Layers are read weakest first, so that the last one stays. */
  private <T> void put(ConfigKey<T> key, Sourced<T> value) {
    values.put(key, value);
  }

  /** What was configured, if anything. */
  @SuppressWarnings("unchecked") // put() is the only writer, and its types agree
  public <T> Optional<Sourced<T>> find(ConfigKey<T> key) {
    return Optional.ofNullable((Sourced<T>) values.get(key));
  }

  /** The same without its place. */
  public <T> Optional<T> findValue(ConfigKey<T> key) {
    Optional<Sourced<T>> value = find(key);
    return value.isPresent() ? Optional.of(value.get().value()) : Optional.empty();
  }

  /** What was configured, else the default; only for keys with a fixed default. */
  public <T> T get(ConfigKey<T> key) {
    Optional<Sourced<T>> value = find(key);
    return value.isPresent() ? value.get().value() : key.fallback();
  }

  /** Where the value in force stands. */
  public Source at(ConfigKey<?> key) {
    Sourced<?> value = values.get(key);
    return value == null ? Source.DEFAULT.at(key.path(), 0) : value.at();
  }
}
