package io.opsproxy.dataplane.telemetry;

import io.opsproxy.dataplane.config.value.AccessLogVocabulary;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Envoy's access log operators: those that say something of a TCP connection, and the names of the
 * others.
 */
final class AccessLogOperators {
  private static final Map<String, Function<AccessRecord, String>> OPERATORS =
      Map.ofEntries(
          Map.entry("BYTES_RECEIVED", r -> Long.toString(r.bytesReceived)),
          Map.entry("BYTES_SENT", r -> Long.toString(r.bytesSent)),
          Map.entry("DURATION", r -> Long.toString(r.durationMillis)),
          // Envoy, where there is no HTTP: zero, not a dash
          Map.entry("RESPONSE_CODE", r -> "0"),
          Map.entry("RESPONSE_FLAGS", r -> r.flags.isEmpty() ? null : r.flags),
          Map.entry("RESPONSE_FLAGS_LONG", r -> r.flags.isEmpty() ? null : longFlags(r.flags)),
          Map.entry("DOWNSTREAM_REMOTE_ADDRESS", r -> whole(r.remote)),
          Map.entry("DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", r -> host(r.remote)),
          Map.entry("DOWNSTREAM_REMOTE_PORT", r -> port(r.remote)),
          Map.entry("DOWNSTREAM_DIRECT_REMOTE_ADDRESS", r -> whole(r.directRemote)),
          Map.entry("DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT", r -> host(r.directRemote)),
          Map.entry("DOWNSTREAM_DIRECT_REMOTE_PORT", r -> port(r.directRemote)),
          Map.entry("DOWNSTREAM_LOCAL_ADDRESS", r -> whole(r.local)),
          Map.entry("DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", r -> host(r.local)),
          Map.entry("DOWNSTREAM_LOCAL_PORT", r -> port(r.local)),
          Map.entry("UPSTREAM_HOST", r -> whole(r.upstreamHost)),
          Map.entry("UPSTREAM_REMOTE_ADDRESS", r -> whole(r.upstreamRemote)),
          Map.entry("UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT", r -> host(r.upstreamRemote)),
          Map.entry("UPSTREAM_REMOTE_PORT", r -> port(r.upstreamRemote)),
          Map.entry("UPSTREAM_LOCAL_ADDRESS", r -> whole(r.upstreamLocal)),
          Map.entry("UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT", r -> host(r.upstreamLocal)),
          Map.entry("UPSTREAM_LOCAL_PORT", r -> port(r.upstreamLocal)),
          Map.entry("UPSTREAM_CLUSTER", r -> r.cluster),
          Map.entry("UPSTREAM_CLUSTER_RAW", r -> r.cluster),
          Map.entry("UPSTREAM_TRANSPORT_FAILURE_REASON", r -> r.upstreamFailure),
          Map.entry("CONNECTION_TERMINATION_DETAILS", r -> r.termination),
          Map.entry("REQUESTED_SERVER_NAME", r -> r.requestedName),
          Map.entry("CONNECTION_ID", r -> Long.toString(r.connectionId)),
          Map.entry("STREAM_ID", r -> r.streamId),
          Map.entry("HOSTNAME", r -> HostNameHolder.NAME));

  private AccessLogOperators() {}

  /**
   * What writes the operator, null for one that has no meaning here; its answer is null for what is
   * not known.
   */
  static Function<AccessRecord, String> get(String name) {
    return OPERATORS.get(name);
  }

  /** Whether Envoy has the operator, and we have nothing to write for it. */
  static boolean isUnknownHere(String name) {
    return AccessLogVocabulary.isKnown(name) && !OPERATORS.containsKey(name);
  }

  private static String whole(InetSocketAddress address) {
    if (address == null) {
      return null;
    }
    String host = host(address);
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + address.getPort();
  }

  private static String host(InetSocketAddress address) {
    return address == null ? null : address.getAddress().getHostAddress();
  }

  private static String port(InetSocketAddress address) {
    return address == null ? null : Integer.toString(address.getPort());
  }

  private static String longFlags(String flags) {
    return Arrays.stream(flags.split(","))
        .map(AccessLogOperators::longFlag)
        .collect(Collectors.joining(","));
  }

  private static String longFlag(String flag) {
    return switch (flag) {
      case "UH" -> "NoHealthyUpstream";
      case "UF" -> "UpstreamConnectionFailure";
      case "UO" -> "UpstreamOverflow";
      case "NR" -> "NoRouteFound";
      case "NC" -> "NoClusterFound";
      case "URX" -> "UpstreamRetryLimitExceeded";
      case "UC" -> "UpstreamConnectionTermination";
      case "UT" -> "UpstreamRequestTimeout";
      case "DC" -> "DownstreamConnectionTermination";
      case "DI" -> "DetectTimeout";
      case "DPE" -> "DownstreamProtocolError";
      default -> flag;
    };
  }

  /** Looked up when an operator asks for it, and not at every start. */
  private static final class HostNameHolder {
    private static final String NAME = name();

    private static String name() {
      String name = System.getenv("HOSTNAME");
      try {
        return name != null ? name : InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "-";
      }
    }
  }
}
