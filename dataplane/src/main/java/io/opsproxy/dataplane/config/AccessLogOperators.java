package io.opsproxy.dataplane.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The command operators of Envoy's access log language ({@code %NAME(arguments):LENGTH%}), to check
 * a format by. Source: Envoy's documentation "Access logging", command operators.
 */
final class AccessLogOperators {
  /** They take something from an HTTP request or answer; in TCP logs they are a dash. */
  private static final List<String> HTTP =
      List.of(
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

  private static final List<String> CONNECTION =
      List.of(
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

  /** Conversions of strftime that the log can write. */
  private static final String TIME = "YymdjbaHMSFTzZ%sf";

  private static final int MAX_LENGTH_DIGITS = 9;

  private AccessLogOperators() {}

  /** Reports what Envoy would refuse, and once what a connection cannot have. */
  static void check(String format, Source at, Problems problems) {
    List<String> http = new ArrayList<>();
    int position = format.indexOf('%');
    while (position >= 0) {
      int end = end(format, position);
      if (end < 0) {
        problems.error(
            at,
            "access log format is not readable at "
                + Quoted.of(format.substring(position, Math.min(format.length(), position + 30))),
            "write an operator such as %DURATION%, or %% for a percent sign");
        return;
      }
      String name = name(format, position + 1);
      if (HTTP.contains(name)) {
        if (!http.contains(name)) {
          http.add(name);
        }
      } else if (!name.isEmpty() && !CONNECTION.contains(name)) {
        problems.error(
            at, "access log operator " + Quoted.of(name) + " does not exist", remedy(name));
      }
      if (name.equals("START_TIME")) {
        checkTime(format.substring(position + 1, end - 1), at, problems);
      }
      position = format.indexOf('%', end);
    }
    if (!http.isEmpty()) {
      problems.warning(
          at,
          "access log operators of HTTP appear as - for TCP connections: "
              + String.join(", ", http),
          "leave them, or remove them from the format");
    }
  }

  /** The argument of {@code START_TIME} is a pattern of strftime. */
  private static void checkTime(String operator, Source at, Problems problems) {
    int position = operator.indexOf('%');
    while (position >= 0 && position + 2 < operator.length()) {
      char conversion = operator.charAt(position + 1);
      if (isDigit(conversion) && operator.charAt(position + 2) != ')') {
        position++;
        conversion = operator.charAt(position + 1);
      }
      if (TIME.indexOf(conversion) < 0) {
        problems.error(
            at,
            "access log operator START_TIME has the conversion "
                + Quoted.of("%" + conversion)
                + ", which is not known",
            "write one of %Y %m %d %H %M %S %3f %s %F %T %b %a %j %y %z %Z");
        return;
      }
      position = operator.indexOf('%', position + 2);
    }
  }

  /** Where the operator at a percent sign ends; -1 when it is none. */
  private static int end(String format, int start) {
    int position = start + 1 + name(format, start + 1).length();
    boolean named = position > start + 1;
    if (named && position < format.length() && format.charAt(position) == '(') {
      // Envoy: the arguments go to the first closing bracket, percent signs included.
      int close = format.indexOf(')', position);
      position = close < 0 ? format.length() : close + 1;
    }
    if (named && position < format.length() && format.charAt(position) == ':') {
      int digits = position + 1;
      position = digits;
      while (position < format.length() && isDigit(format.charAt(position))) {
        position++;
      }
      if (position == digits || position - digits > MAX_LENGTH_DIGITS) {
        return -1;
      }
    }
    return position < format.length() && format.charAt(position) == '%' ? position + 1 : -1;
  }

  private static String name(String format, int start) {
    int end = start;
    while (end < format.length() && isNameCharacter(format.charAt(end))) {
      end++;
    }
    return format.substring(start, end);
  }

  private static boolean isNameCharacter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static String remedy(String name) {
    List<String> lower = new ArrayList<>();
    for (String known : CONNECTION) {
      lower.add(known.toLowerCase(Locale.ROOT));
    }
    String nearest = Nearest.of(name, lower);
    return nearest == null
        ? "write an operator of Envoy's access log language"
        : "did you mean %" + nearest.toUpperCase(Locale.ROOT) + "%?";
  }
}
