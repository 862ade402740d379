package io.opsproxy.dataplane.telemetry;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Envoy's access log operators: those that say something of a TCP connection, and the names of the
 * others.
 */
final class AccessLogOperators {
  /**
   * Operators of which nothing is known here, most of them of HTTP; their arguments are not looked
   * at. A configuration is checked by the same names.
   */
  private static final Set<String> UNKNOWN_HERE =
      Set.of(
          ("REQ REQ_WITHOUT_QUERY RESP TRAILER PROTOCOL UPSTREAM_PROTOCOL PATH"
                  + " QUERY_PARAM QUERY_PARAMS GRPC_STATUS GRPC_STATUS_NUMBER LOCAL_REPLY_BODY"
                  + " REQUEST_HEADERS_BYTES RESPONSE_HEADERS_BYTES RESPONSE_TRAILERS_BYTES"
                  + " REQUEST_DURATION REQUEST_TX_DURATION RESPONSE_DURATION"
                  + " RESPONSE_TX_DURATION UPSTREAM_HEADER_BYTES_SENT"
                  + " UPSTREAM_HEADER_BYTES_RECEIVED UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT"
                  + " UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED DOWNSTREAM_HEADER_BYTES_SENT"
                  + " DOWNSTREAM_HEADER_BYTES_RECEIVED"
                  + " DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT"
                  + " DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED VIRTUAL_CLUSTER_NAME"
                  + " TRACE_ID SPAN_ID START_TIME_LOCAL EMIT_TIME EMIT_TIME_LOCAL"
                  + " COMMON_DURATION ROUNDTRIP_DURATION DOWNSTREAM_HANDSHAKE_DURATION"
                  + " BYTES_RETRANSMITTED PACKETS_RETRANSMITTED"
                  + " RESPONSE_CODE_DETAILS CUSTOM_FLAGS UPSTREAM_WIRE_BYTES_SENT"
                  + " UPSTREAM_WIRE_BYTES_RECEIVED DOWNSTREAM_WIRE_BYTES_SENT"
                  + " DOWNSTREAM_WIRE_BYTES_RECEIVED UPSTREAM_HOST_NAME"
                  + " UPSTREAM_HOST_NAME_WITHOUT_PORT UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID"
                  + " UPSTREAM_REQUEST_ATTEMPT_COUNT UPSTREAM_CONNECTION_POOL_READY_DURATION"
                  + " UPSTREAM_CONNECTION_ID UPSTREAM_DETECTED_CLOSE_TYPE"
                  + " UPSTREAM_LOCAL_CLOSE_REASON UPSTREAM_TLS_CIPHER UPSTREAM_TLS_VERSION"
                  + " UPSTREAM_TLS_SESSION_ID UPSTREAM_PEER_ISSUER UPSTREAM_PEER_CERT"
                  + " UPSTREAM_PEER_SUBJECT UPSTREAM_PEER_CERT_V_START"
                  + " UPSTREAM_PEER_CERT_V_END UPSTREAM_PEER_URI_SAN UPSTREAM_PEER_DNS_SAN"
                  + " UPSTREAM_PEER_IP_SAN UPSTREAM_LOCAL_SUBJECT UPSTREAM_LOCAL_URI_SAN"
                  + " UPSTREAM_LOCAL_DNS_SAN UPSTREAM_LOCAL_IP_SAN UPSTREAM_METADATA"
                  + " UPSTREAM_FILTER_STATE DOWNSTREAM_DIRECT_LOCAL_ADDRESS"
                  + " DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT"
                  + " DOWNSTREAM_DIRECT_LOCAL_PORT DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID"
                  + " DOWNSTREAM_DETECTED_CLOSE_TYPE DOWNSTREAM_LOCAL_CLOSE_REASON"
                  + " DOWNSTREAM_TRANSPORT_FAILURE_REASON DOWNSTREAM_TLS_CIPHER"
                  + " DOWNSTREAM_TLS_VERSION DOWNSTREAM_TLS_SESSION_ID"
                  + " DOWNSTREAM_PEER_FINGERPRINT_256 DOWNSTREAM_PEER_FINGERPRINT_1"
                  + " DOWNSTREAM_PEER_SERIAL DOWNSTREAM_PEER_ISSUER DOWNSTREAM_PEER_SUBJECT"
                  + " DOWNSTREAM_PEER_CERT DOWNSTREAM_PEER_CERT_V_START"
                  + " DOWNSTREAM_PEER_CERT_V_END DOWNSTREAM_PEER_URI_SAN"
                  + " DOWNSTREAM_PEER_DNS_SAN DOWNSTREAM_PEER_IP_SAN DOWNSTREAM_PEER_EMAIL_SAN"
                  + " DOWNSTREAM_PEER_OTHERNAME_SAN DOWNSTREAM_LOCAL_SUBJECT"
                  + " DOWNSTREAM_LOCAL_URI_SAN DOWNSTREAM_LOCAL_DNS_SAN"
                  + " DOWNSTREAM_LOCAL_IP_SAN DOWNSTREAM_LOCAL_EMAIL_SAN"
                  + " DOWNSTREAM_LOCAL_OTHERNAME_SAN TLS_JA3_FINGERPRINT TLS_JA4_FINGERPRINT"
                  + " ROUTE_NAME FILTER_CHAIN_NAME STREAM_ID UNIQUE_ID ACCESS_LOG_TYPE"
                  + " ENVIRONMENT DYNAMIC_METADATA CLUSTER_METADATA METADATA FILTER_STATE")
              .split(" "));

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
    return UNKNOWN_HERE.contains(name);
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
