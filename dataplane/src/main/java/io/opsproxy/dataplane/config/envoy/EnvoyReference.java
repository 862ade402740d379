package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ConfigKeys;
import io.opsproxy.dataplane.config.schema.HealthCheckKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The table of fields in the documentation of Envoy's files, made from what the readers go by. */
public final class EnvoyReference {
  /** Message to the section whose keys it has. */
  private static final Map<String, String> MESSAGES = new LinkedHashMap<>();

  static {
    for (String message : List.of(EnvoyKeys.LISTENER, "FilterChainMatch", EnvoyKeys.TCP_PROXY)) {
      MESSAGES.put(message, message);
    }
    MESSAGES.put(EnvoyKeys.CLUSTER, EnvoyKeys.CLUSTER);
    MESSAGES.put("Endpoint", "Endpoint");
    MESSAGES.put("HealthCheck", HealthCheckKeys.CHECK);
    MESSAGES.put("HttpHealthCheck", HealthCheckKeys.HTTP);
    MESSAGES.put("TcpHealthCheck", HealthCheckKeys.TCP);
  }

  private EnvoyReference() {}

  /** A Markdown table, one line a message. */
  public static String markdown() {
    StringBuilder text =
        new StringBuilder("| Message | Done | Warned | Refused |\n|---|---|---|---|\n");
    MESSAGES.forEach(
        (message, section) -> {
          Map<String, EnvoyFields.Standing> others =
              EnvoyFields.table().getOrDefault(section, Map.of());
          Set<String> done = new TreeSet<>();
          for (List<ConfigKey<?>> keys : List.of(EnvoyKeys.all(), ConfigKeys.all())) {
            keys.stream()
                .filter(key -> key.section().equals(section))
                .forEach(key -> done.add(key.name()));
          }
          done.addAll(with(others, EnvoyFields.Standing.ACCEPTED));
          List<String> cells = new ArrayList<>();
          cells.add(message);
          cells.add(shown(done));
          cells.add(shown(with(others, EnvoyFields.Standing.IGNORED)));
          cells.add(shown(with(others, EnvoyFields.Standing.REFUSED)));
          text.append("| ").append(String.join(" | ", cells)).append(" |\n");
        });
    return text.toString();
  }

  private static Set<String> with(
      Map<String, EnvoyFields.Standing> fields, EnvoyFields.Standing standing) {
    Set<String> found = new TreeSet<>();
    fields.forEach(
        (field, its) -> {
          if (its == standing && !field.startsWith("@")) {
            found.add(field);
          }
        });
    return found;
  }

  private static String shown(Set<String> fields) {
    return fields.isEmpty() ? "" : "`" + String.join("`, `", fields) + "`";
  }
}
