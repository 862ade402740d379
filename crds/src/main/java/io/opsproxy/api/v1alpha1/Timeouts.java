package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Size;

/**
 * Time limits of links and connections.
 *
 * @param connection How long a forwarded connection waits for its data connection from the other
 *     peer.
 * @param registrationRead Silence after which a link that another peer opened counts as dead.
 * @param reconnectInterval Longest pause between two attempts to reach a remote peer.
 * @param maxReconnect Failed attempts in a row after which a remote peer is given up; 0 means
 *     never.
 * @param heartbeatInterval How often a link registers again, which keeps it alive.
 * @param dial Limit of one attempt to connect to a backend.
 * @param read Time after accept by which a client has said what it wants.
 * @param idle A connection over which no byte passed for this long is closed.
 * @param halfClosed A connection of which one side has ended is closed after this long without a
 *     byte.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Timeouts(
    @JsonPropertyDescription(
            "How long a forwarded connection waits for its data connection from the other peer.")
        @Size(max = 32)
        @Default("5s")
        @Text(TextFormat.DURATION)
        String connection,
    @JsonPropertyDescription("Silence after which a link that another peer opened counts as dead.")
        @Size(max = 32)
        @Default("180s")
        @Text(TextFormat.DURATION)
        String registrationRead,
    @JsonPropertyDescription("Longest pause between two attempts to reach a remote peer.")
        @Size(max = 32)
        @Default("5s")
        @Text(TextFormat.DURATION)
        String reconnectInterval,
    @JsonPropertyDescription(
            "Failed attempts in a row after which a remote peer is given up; 0 means never.")
        @Min(0)
        @Default("0")
        Integer maxReconnect,
    @JsonPropertyDescription("How often a link registers again, which keeps it alive.")
        @Size(max = 32)
        @Default("30s")
        @Text(TextFormat.DURATION)
        String heartbeatInterval,
    @JsonPropertyDescription("Limit of one attempt to connect to a backend.")
        @Size(max = 32)
        @Default("30s")
        @Text(TextFormat.DURATION)
        String dial,
    @JsonPropertyDescription("Time after accept by which a client has said what it wants.")
        @Size(max = 32)
        @Default("30s")
        @Text(TextFormat.DURATION)
        String read,
    @JsonPropertyDescription("A connection over which no byte passed for this long is closed.")
        @Size(max = 32)
        @Default("1h")
        @Text(TextFormat.DURATION)
        String idle,
    @JsonPropertyDescription(
            "A connection of which one side has ended is closed after this long without a byte.")
        @Size(max = 32)
        @Default("5m")
        @Text(TextFormat.DURATION)
        String halfClosed) {
  /** What holds where nothing is said. */
  public static final Timeouts DEFAULT =
      new Timeouts(null, null, null, null, null, null, null, null, null);

  public Timeouts {
    connection = connection == null ? "5s" : connection;
    registrationRead = registrationRead == null ? "180s" : registrationRead;
    reconnectInterval = reconnectInterval == null ? "5s" : reconnectInterval;
    maxReconnect = maxReconnect == null ? 0 : maxReconnect;
    heartbeatInterval = heartbeatInterval == null ? "30s" : heartbeatInterval;
    dial = dial == null ? "30s" : dial;
    read = read == null ? "30s" : read;
    idle = idle == null ? "1h" : idle;
    halfClosed = halfClosed == null ? "5m" : halfClosed;
  }
}
