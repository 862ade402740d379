package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.schema.ConfigKey.Standing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The reference of the configuration, printed from the table that the readers use. */
public final class ConfigReference {
  private ConfigReference() {}

  /**
   * Markdown: a table of keys for each section, a table of variables, a table of flags. No
   * headings, so that it can stand at any depth of a document.
   */
  public static String markdown() {
    StringBuilder text = new StringBuilder();
    for (Map.Entry<String, List<ConfigKey<?>>> section : sections().entrySet()) {
      keyTable(text, section.getKey(), section.getValue());
    }
    variableTable(text);
    flagTable(text);
    return text.toString();
  }

  private static Map<String, List<ConfigKey<?>>> sections() {
    Map<String, List<ConfigKey<?>>> sections = new LinkedHashMap<>();
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (!key.section().isEmpty()) {
        sections.computeIfAbsent(key.section(), name -> new ArrayList<>()).add(key);
      }
    }
    return sections;
  }

  private static void keyTable(StringBuilder text, String section, List<ConfigKey<?>> keys) {
    text.append("| `").append(section).append("` | Value | Default | Meaning |\n");
    text.append("|---|---|---|---|\n");
    for (ConfigKey<?> key : keys) {
      text.append("| `").append(key.name()).append("` | ").append(key.type().label());
      text.append(" | ").append(shownDefault(key)).append(" | ");
      text.append(key.standing() == Standing.OLD_NAME ? "(old name) " : "");
      text.append(cell(key.meaning())).append(" |\n");
    }
    text.append('\n');
  }

  private static String shownDefault(ConfigKey<?> key) {
    if (key.hasFixedDefault()) {
      return "`" + key.defaultText() + "`";
    }
    String words = key.defaultText();
    return words.isEmpty() ? "-" : cell(words.substring(1, words.length() - 1));
  }

  private static void variableTable(StringBuilder text) {
    text.append("| Variable | Sets | Older names |\n|---|---|---|\n");
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (!key.variables().isEmpty()) {
        text.append("| `").append(key.variables().get(0)).append("` | `").append(key.path());
        text.append("` | ").append(codes(key.variables().subList(1, key.variables().size())));
        text.append(" |\n");
      }
    }
    text.append('\n');
  }

  private static void flagTable(StringBuilder text) {
    text.append("| Flag | Sets |\n|---|---|\n");
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (!key.flag().isEmpty()) {
        text.append("| `").append(key.flag()).append("` | `").append(key.path()).append("` |\n");
      }
    }
    text.append('\n');
  }

  private static String codes(List<String> names) {
    return names.isEmpty() ? "-" : "`" + String.join("`, `", names) + "`";
  }

  /** A bar would end the cell, a lone asterisk would begin emphasis. */
  private static String cell(String words) {
    return words.replace("|", "\\|").replace("*", "\\*");
  }
}
