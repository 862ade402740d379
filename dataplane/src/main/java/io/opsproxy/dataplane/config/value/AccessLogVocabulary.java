package io.opsproxy.dataplane.config.value;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The command operators of Envoy's access log language. The one list of them: formats are checked
 * by it, and what has no writer writes a dash. Source: Envoy's documentation "Access logging",
 * command operators.
 */
public final class AccessLogVocabulary {
  /** They take something from an HTTP request or answer; in TCP logs they are a dash. */
  private static final Set<String> HTTP =
      Set.of(
          ("REQ REQ_WITHOUT_QUERY RESP TRAILER PROTOCOL UPSTREAM_PROTOCOL PATH QUERY_PARAM"
                  + " QUERY_PARAMS GRPC_STATUS GRPC_STATUS_NUMBER LOCAL_REPLY_BODY"
                  + " REQUEST_HEADERS_BYTES RESPONSE_HEADERS_BYTES RESPONSE_TRAILERS_BYTES"
                  + " REQUEST_DURATION REQUEST_TX_DURATION RESPONSE_DURATION RESPONSE_TX_DURATION"
                  + " UPSTREAM_HEADER_BYTES_SENT UPSTREAM_HEADER_BYTES_RECEIVED"
                  + " UPSTREAM_DECOMPRESSED_HEADER_BYTES_SENT"
                  + " UPSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED"
                  + " DOWNSTREAM_HEADER_BYTES_SENT DOWNSTREAM_HEADER_BYTES_RECEIVED"
                  + " DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_SENT"
                  + " DOWNSTREAM_DECOMPRESSED_HEADER_BYTES_RECEIVED"
                  + " VIRTUAL_CLUSTER_NAME TRACE_ID SPAN_ID")
              .split(" "));

  private static final Set<String> CONNECTION =
      Set.of(
          ("START_TIME START_TIME_LOCAL EMIT_TIME EMIT_TIME_LOCAL DURATION COMMON_DURATION"
                  + " ROUNDTRIP_DURATION DOWNSTREAM_HANDSHAKE_DURATION BYTES_RECEIVED BYTES_SENT"
                  + " BYTES_RETRANSMITTED PACKETS_RETRANSMITTED RESPONSE_CODE"
                  + " RESPONSE_CODE_DETAILS CONNECTION_TERMINATION_DETAILS RESPONSE_FLAGS"
                  + " RESPONSE_FLAGS_LONG CUSTOM_FLAGS UPSTREAM_WIRE_BYTES_SENT"
                  + " UPSTREAM_WIRE_BYTES_RECEIVED DOWNSTREAM_WIRE_BYTES_SENT"
                  + " DOWNSTREAM_WIRE_BYTES_RECEIVED UPSTREAM_HOST UPSTREAM_HOST_NAME"
                  + " UPSTREAM_HOST_NAME_WITHOUT_PORT UPSTREAM_CLUSTER UPSTREAM_CLUSTER_RAW"
                  + " UPSTREAM_LOCAL_ADDRESS UPSTREAM_LOCAL_ADDRESS_WITHOUT_PORT"
                  + " UPSTREAM_LOCAL_PORT UPSTREAM_REMOTE_ADDRESS"
                  + " UPSTREAM_REMOTE_ADDRESS_WITHOUT_PORT UPSTREAM_REMOTE_PORT"
                  + " UPSTREAM_REMOTE_ADDRESS_ENDPOINT_ID UPSTREAM_REQUEST_ATTEMPT_COUNT"
                  + " UPSTREAM_CONNECTION_POOL_READY_DURATION UPSTREAM_CONNECTION_ID"
                  + " UPSTREAM_DETECTED_CLOSE_TYPE UPSTREAM_LOCAL_CLOSE_REASON"
                  + " UPSTREAM_TRANSPORT_FAILURE_REASON UPSTREAM_TLS_CIPHER UPSTREAM_TLS_VERSION"
                  + " UPSTREAM_TLS_SESSION_ID UPSTREAM_PEER_ISSUER UPSTREAM_PEER_CERT"
                  + " UPSTREAM_PEER_SUBJECT UPSTREAM_PEER_CERT_V_START UPSTREAM_PEER_CERT_V_END"
                  + " UPSTREAM_PEER_URI_SAN UPSTREAM_PEER_DNS_SAN UPSTREAM_PEER_IP_SAN"
                  + " UPSTREAM_LOCAL_SUBJECT UPSTREAM_LOCAL_URI_SAN UPSTREAM_LOCAL_DNS_SAN"
                  + " UPSTREAM_LOCAL_IP_SAN UPSTREAM_METADATA UPSTREAM_FILTER_STATE"
                  + " DOWNSTREAM_REMOTE_ADDRESS DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT"
                  + " DOWNSTREAM_REMOTE_PORT DOWNSTREAM_DIRECT_REMOTE_ADDRESS"
                  + " DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT"
                  + " DOWNSTREAM_DIRECT_REMOTE_PORT DOWNSTREAM_LOCAL_ADDRESS"
                  + " DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT DOWNSTREAM_LOCAL_PORT"
                  + " DOWNSTREAM_DIRECT_LOCAL_ADDRESS"
                  + " DOWNSTREAM_DIRECT_LOCAL_ADDRESS_WITHOUT_PORT DOWNSTREAM_DIRECT_LOCAL_PORT"
                  + " DOWNSTREAM_LOCAL_ADDRESS_ENDPOINT_ID DOWNSTREAM_DETECTED_CLOSE_TYPE"
                  + " DOWNSTREAM_LOCAL_CLOSE_REASON DOWNSTREAM_TRANSPORT_FAILURE_REASON"
                  + " DOWNSTREAM_TLS_CIPHER DOWNSTREAM_TLS_VERSION DOWNSTREAM_TLS_SESSION_ID"
                  + " DOWNSTREAM_PEER_FINGERPRINT_256 DOWNSTREAM_PEER_FINGERPRINT_1"
                  + " DOWNSTREAM_PEER_SERIAL DOWNSTREAM_PEER_ISSUER DOWNSTREAM_PEER_SUBJECT"
                  + " DOWNSTREAM_PEER_CERT DOWNSTREAM_PEER_CERT_V_START"
                  + " DOWNSTREAM_PEER_CERT_V_END DOWNSTREAM_PEER_URI_SAN DOWNSTREAM_PEER_DNS_SAN"
                  + " DOWNSTREAM_PEER_IP_SAN DOWNSTREAM_PEER_EMAIL_SAN"
                  + " DOWNSTREAM_PEER_OTHERNAME_SAN DOWNSTREAM_LOCAL_SUBJECT"
                  + " DOWNSTREAM_LOCAL_URI_SAN DOWNSTREAM_LOCAL_DNS_SAN DOWNSTREAM_LOCAL_IP_SAN"
                  + " DOWNSTREAM_LOCAL_EMAIL_SAN DOWNSTREAM_LOCAL_OTHERNAME_SAN"
                  + " REQUESTED_SERVER_NAME TLS_JA3_FINGERPRINT TLS_JA4_FINGERPRINT ROUTE_NAME"
                  + " FILTER_CHAIN_NAME HOSTNAME CONNECTION_ID STREAM_ID UNIQUE_ID"
                  + " ACCESS_LOG_TYPE ENVIRONMENT DYNAMIC_METADATA CLUSTER_METADATA METADATA"
                  + " FILTER_STATE")
              .split(" "));

  private AccessLogVocabulary() {}

  /** Whether it takes something from an HTTP request or answer. */
  public static boolean isHttp(String name) {
    return HTTP.contains(name);
  }

  /** Whether Envoy has it. */
  public static boolean isKnown(String name) {
    return HTTP.contains(name) || CONNECTION.contains(name);
  }

  /** All of them. */
  public static SortedSet<String> all() {
    SortedSet<String> all = new TreeSet<>(HTTP);
    all.addAll(CONNECTION);
    return Collections.unmodifiableSortedSet(all);
  }

  /** The one that a misspelt name was probably meant to be; null when none is near. */
  public static String nearest(String name) {
    List<String> lower = new ArrayList<>();
    for (String known : all()) {
      lower.add(known.toLowerCase(Locale.ROOT));
    }
    String nearest = Nearest.of(name, lower);
    return nearest == null ? null : nearest.toUpperCase(Locale.ROOT);
  }
}
