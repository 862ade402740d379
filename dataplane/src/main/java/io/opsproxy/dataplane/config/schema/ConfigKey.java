package io.opsproxy.dataplane.config.schema;

import java.util.List;

/**
 * One key of the configuration: where it stands in the file, which variables and which flag set it,
 * what it means. Compared by identity; all of them are in {@link ConfigKeys}.
 *
 * @param <T> the type of its value
 */
public final class ConfigKey<T> {
  /** What the reader makes of a key. */
  public enum Standing {
    /** In use. */
    CURRENT,
    /** An older spelling that still works. */
    OLD_NAME
  }

  private final String section;
  private final String name;
  private final ValueType<T> type;
  private final String defaultText;
  private final String meaning;
  private final Standing standing;
  private final List<String> variables;
  private final String flag;

  private ConfigKey(
      String section,
      String name,
      ValueType<T> type,
      String defaultText,
      String meaning,
      Standing standing,
      List<String> variables,
      String flag) {
    this.section = section;
    this.name = name;
    this.type = type;
    this.defaultText = defaultText;
    this.meaning = meaning;
    this.standing = standing;
    this.variables = variables;
    this.flag = flag;
  }

  /**
   * @param section as the reference writes it: {@code peer}, {@code services[].connect}; empty for
   *     the top of the file
   * @param defaultText the default as one would write it; in parentheses where it is derived from
   *     something else; empty for none
   */
  public static <T> ConfigKey<T> of(
      String section, String name, ValueType<T> type, String defaultText, String meaning) {
    return new ConfigKey<>(
        section, name, type, defaultText, meaning, Standing.CURRENT, List.of(), "");
  }

  /** The variables that set it, the preferred one first. */
  public ConfigKey<T> variables(String... names) {
    return new ConfigKey<>(
        section, name, type, defaultText, meaning, standing, List.of(names), flag);
  }

  /** The command-line flag that sets it. */
  public ConfigKey<T> flag(String spelling) {
    return new ConfigKey<>(
        section, name, type, defaultText, meaning, standing, variables, spelling);
  }

  /** The same key as an older spelling of another one. */
  ConfigKey<T> oldName() {
    return new ConfigKey<>(
        section, name, type, defaultText, meaning, Standing.OLD_NAME, variables, flag);
  }

  public String section() {
    return section;
  }

  public String name() {
    return name;
  }

  public ValueType<T> type() {
    return type;
  }

  String defaultText() {
    return defaultText;
  }

  public String meaning() {
    return meaning;
  }

  public Standing standing() {
    return standing;
  }

  public List<String> variables() {
    return variables;
  }

  /** Empty for none. */
  public String flag() {
    return flag;
  }

  /** Section and name, as in {@code peer.bind_addr}. */
  public String path() {
    return section.isEmpty() ? name : section.concat(".").concat(name);
  }

  /** Whether there is a default that does not depend on anything else. */
  public boolean hasFixedDefault() {
    return !defaultText.isEmpty() && defaultText.charAt(0) != '(';
  }

  /** The fixed default as a value; only for keys that have one. */
  public T fallback() {
    return type.parse(defaultText);
  }

  @Override
  public String toString() {
    return path();
  }
}
