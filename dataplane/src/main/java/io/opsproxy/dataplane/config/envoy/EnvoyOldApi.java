package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Files for Envoy's v2 API, which Envoy itself took out with 1.18. What they consist of has other
 * names now, so that they are told so once instead of a problem for each of their parts.
 */
final class EnvoyOldApi {
  private static final int NAMED = 6;

  /** Messages of which a name is all that has changed, by what follows the package. */
  private static final Map<String, EnvoyType> RENAMED =
      Map.of(
          "envoy.api.v2.Listener", EnvoyType.LISTENER,
          "envoy.api.v2.Cluster", EnvoyType.CLUSTER,
          "envoy.api.v2.ClusterLoadAssignment", EnvoyType.ASSIGNMENT,
          "envoy.config.filter.network.tcp_proxy.v2.TcpProxy", EnvoyType.TCP_PROXY,
          "envoy.config.accesslog.v2.FileAccessLog", EnvoyType.FILE_LOG);

  /** What each part that was found is called now, by what it is called there. */
  private final Map<String, String> parts = new LinkedHashMap<>();

  private final Set<YamlNode> seen = Collections.newSetFromMap(new IdentityHashMap<>());

  private EnvoyOldApi() {}

  /** Whether it is such a file, which is reported. */
  static boolean is(YamlNode root, Source file, Problems problems) {
    EnvoyOldApi found = new EnvoyOldApi();
    found.look(root);
    if (found.parts.isEmpty()) {
      return false;
    }
    problems.error(
        file,
        "this is a file for Envoy's v2 API, which Envoy itself does not read any more: "
            + String.join("; ", found.parts.values()),
        "write these parts as the v3 API has them, or begin with the files in deploy/systemd");
    return true;
  }

  private void look(YamlNode node) {
    if (node instanceof YamlNode.Scalar || !seen.add(node)) {
      return;
    }
    if (node instanceof YamlNode.Sequence list) {
      list.items().forEach(this::look);
    } else if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        if (!EnvoySpelling.isUserData(entry.key())) {
          part(mapping, entry);
          look(entry.value());
        }
      }
    }
  }

  private void part(YamlNode.Mapping owner, YamlNode.Entry entry) {
    switch (entry.key()) {
      case "@type" -> type(EnvoyType.text(owner), entry.line());
      case "hosts" -> {
        if (owner.get("name") != null && owner.get("connect_timeout") != null) {
          add("hosts", entry.line(), "load_assignment with endpoints");
        }
      }
      case "tls_context" -> add("tls_context", entry.line(), "transport_socket");
      case "config" -> {
        if (text(owner.get("name")).startsWith("envoy.")) {
          add("config", entry.line(), "typed_config with an \"@type\"");
        }
      }
      default -> {}
    }
  }

  private void type(String url, int line) {
    String message = url.substring(url.lastIndexOf('/') + 1);
    boolean old =
        message.startsWith("envoy.") && (message.contains(".v2.") || message.contains(".v2alpha"));
    if (old) {
      EnvoyType now = RENAMED.get(message);
      add(
          "type " + message,
          line,
          now == null ? "a type whose package ends in v3" : now.url().replaceFirst(".*/", ""));
    }
  }

  private void add(String part, int line, String now) {
    if (parts.size() < NAMED) {
      parts.putIfAbsent(part, Quoted.sentence(part) + " (line " + line + ") is " + now + " now");
    }
  }

  private static String text(YamlNode node) {
    return node instanceof YamlNode.Scalar scalar ? scalar.text() : "";
  }
}
