package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.telemetry.Protocol;
import java.nio.charset.StandardCharsets;

/**
 * A decision: these facts go to this upstream.
 *
 * @param rule the name that matched, for messages
 */
record Route(ConnectionFacts facts, String rule, Upstream upstream) {

  /**
   * What a client is told when the upstream cannot be had: nothing where its protocol has no words
   * for it.
   */
  byte[] apology(Upstream.Failure failure) {
    return switch (facts.protocol()) {
      case HTTP, HTTP_CONNECT ->
          Replies.http(
              Replies.status(failure.reason()),
              "Service not reachable: " + rule + ": " + failure.message());
      case HTTPS -> Replies.tlsAlert(Replies.INTERNAL_ERROR);
      case TCP, FORWARD -> "".getBytes(StandardCharsets.US_ASCII);
    };
  }

  /** Whether an upstream that says nothing at all can be explained to the client. */
  boolean explainsSilence() {
    return facts.protocol() == Protocol.HTTP;
  }
}
