package io.opsproxy.operator.render;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.HostPort;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.render.Rendered.PodConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What the pods mount. */
final class ConfigMaps {
  static final String CONFIG = "config.yaml";

  private ConfigMaps() {}

  static ConfigMap of(
      ProxyPeer peer, PodConfig config, List<HostPort> remotes, List<Served> services) {
    Map<String, String> data = new LinkedHashMap<>();
    data.put(CONFIG, config.yaml());
    data.put("SERVICE_ADDR", serviceAddr(services));
    data.put(
        "REMOTE_PEER_ADDR",
        remotes.stream().map(HostPort::toString).collect(Collectors.joining(",")));
    data.putAll(config.files());
    return new ConfigMapBuilder()
        .withMetadata(Child.meta(peer, ChildNames.configMap(peer.getMetadata().getName())))
        .withData(data)
        .build();
  }

  /** For people and old tools, in the grammar of the seed; of several endpoints the first. */
  private static String serviceAddr(List<Served> services) {
    StringBuilder text = new StringBuilder();
    for (Served served : services) {
      for (HostName name : served.service().names()) {
        text.append(text.length() == 0 ? "" : ",")
            .append(name.value())
            .append(':')
            .append(served.service().endpoints().get(0).address());
      }
    }
    return text.toString();
  }
}
