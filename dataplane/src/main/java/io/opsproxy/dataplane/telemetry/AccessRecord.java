package io.opsproxy.dataplane.telemetry;

import java.net.InetSocketAddress;
import java.time.Instant;

/**
 * What an access log can say of one client connection. Filled in by the connection's event loop
 * while it lives, read by the log's thread after it has ended; the hand-over orders the two. Null
 * means not known, and is written as {@code -}.
 */
public final class AccessRecord {
  /** When the connection was accepted. */
  public Instant start;

  /** From accept to close, in milliseconds. */
  public long durationMillis;

  /** Bytes taken from the client, and given to it. */
  public long bytesReceived;

  public long bytesSent;

  /** The client, by its socket or by a trusted PROXY header. */
  public InetSocketAddress remote;

  /** The client's socket, whatever a PROXY header says. */
  public InetSocketAddress directRemote;

  /** This side of the client's socket. */
  public InetSocketAddress local;

  /** The name asked for in SNI or Host. */
  public String requestedName;

  /** The rule that routed it. */
  public String cluster;

  /** The endpoint that was connected, or else tried last; Envoy sets it before it connects. */
  public InetSocketAddress upstreamHost;

  public InetSocketAddress upstreamRemote;
  public InetSocketAddress upstreamLocal;

  /** Why no upstream could be had, or how it broke. */
  public String upstreamFailure;

  /** How the connection ended, in one clause. */
  public String termination;

  /** Envoy's short flags; empty when all was well. */
  public String flags = "";

  /** What the connection is called at every peer that it passes. */
  public String streamId;

  /** What was connected, for people: an endpoint, or a peer. */
  public String upstream;

  /** Counts connections of this process. */
  public long connectionId;
}
