package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.Optional;

/** The messages that say by {@code @type} what they are. */
enum EnvoyType {
  LISTENER("envoy.config.listener.v3.Listener"),
  CLUSTER("envoy.config.cluster.v3.Cluster"),
  ASSIGNMENT("envoy.config.endpoint.v3.ClusterLoadAssignment"),
  TCP_PROXY("envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy"),
  TLS_INSPECTOR("envoy.extensions.filters.listener.tls_inspector.v3.TlsInspector"),
  PROXY_HEADER("envoy.extensions.filters.listener.proxy_protocol.v3.ProxyProtocol"),
  FILE_LOG("envoy.extensions.access_loggers.file.v3.FileAccessLog"),
  STDOUT_LOG("envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"),
  STDERR_LOG("envoy.extensions.access_loggers.stream.v3.StderrAccessLog"),
  RAW_BUFFER("envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer"),
  UPSTREAM_TLS("envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext"),
  PROXY_PROTOCOL(
      "envoy.extensions.transport_sockets.proxy_protocol.v3.ProxyProtocolUpstreamTransport"),
  ROUND_ROBIN("envoy.extensions.load_balancing_policies.round_robin.v3.RoundRobin"),
  LEAST_REQUEST("envoy.extensions.load_balancing_policies.least_request.v3.LeastRequest"),
  RANDOM("envoy.extensions.load_balancing_policies.random.v3.Random"),
  RING_HASH("envoy.extensions.load_balancing_policies.ring_hash.v3.RingHash"),
  MAGLEV("envoy.extensions.load_balancing_policies.maglev.v3.Maglev");

  private static final String FIELD = "@type";
  private static final String PREFIX = "type.googleapis.com/";

  private final String message;

  EnvoyType(String message) {
    this.message = message;
  }

  /** The name of the message without its package: the section of its keys. */
  String section() {
    return message.substring(message.lastIndexOf('.') + 1);
  }

  /** What one writes behind {@code @type}. */
  String url() {
    return PREFIX + message;
  }

  /** Whether it spreads connections over the endpoints of a cluster. */
  boolean balances() {
    return message.startsWith("envoy.extensions.load_balancing_policies.");
  }

  /** What the node says it is; empty for one of no type that is known here. */
  static Optional<EnvoyType> of(YamlNode node) {
    String text = text(node);
    for (EnvoyType type : values()) {
      if (text.equals(type.url())) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /** The text behind {@code @type}; empty when there is none. */
  static String text(YamlNode node) {
    return node instanceof YamlNode.Mapping mapping
            && mapping.get(FIELD) instanceof YamlNode.Scalar scalar
        ? scalar.text()
        : "";
  }

  /** For messages about a node of another type. */
  static String shown(YamlNode node) {
    String text = text(node);
    return text.isEmpty() ? "no \"@type\"" : "\"@type\" " + Quoted.of(text);
  }
}
