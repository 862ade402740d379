package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.Map;

/** What is lost with the filters of Envoy that are not here. */
final class EnvoyFilters {
  /** By a word in the type or name; how one says it of a connection. */
  private static final Map<String, String> LOST =
      Map.ofEntries(
          Map.entry("original_dst", "connections would not go where they were sent to"),
          Map.entry("original_src", "endpoints would not see the client's address as source"),
          Map.entry("http_inspector", "plain HTTP would not be told apart"),
          Map.entry("local_ratelimit", "connections would not be limited"),
          Map.entry("ratelimit", "connections would not be limited"),
          Map.entry("connection_limit", "connections would not be limited"),
          Map.entry("rbac", "clients that it denies would be let in"),
          Map.entry("ext_authz", "clients that it denies would be let in"),
          Map.entry("sni_cluster", "connections would not go by their server name"),
          Map.entry("sni_dynamic_forward_proxy", "connections would not go by their server name"),
          Map.entry("set_filter_state", "what it sets for later filters would be missing"));

  private EnvoyFilters() {}

  /** Refuses a filter beside those that are here. */
  static void refuse(
      YamlSection filter, YamlNode config, String subject, String kind, Problems problems) {
    String shown =
        EnvoyType.text(config).isEmpty() && filter.has(EnvoyKeys.FILTER_NAME)
            ? Quoted.of(filter.readValue(EnvoyKeys.FILTER_NAME, "").orElse(""))
            : "with " + EnvoyType.shown(config);
    problems.error(
        filter.at(),
        subject + " has a " + kind + " " + shown + ", which is not served: " + lost(shown),
        "remove it, or leave these connections to Envoy");
  }

  private static String lost(String shown) {
    return LOST.entrySet().stream()
        .filter(entry -> shown.contains("." + entry.getKey()))
        .max(Map.Entry.comparingByKey())
        .map(Map.Entry::getValue)
        .orElse("what it does to connections would be missing");
  }
}
