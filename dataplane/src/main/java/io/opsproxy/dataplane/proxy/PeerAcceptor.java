package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.sniff.Sniff;
import java.util.List;

/** Takes connections that turn out to be another peer's. */
public interface PeerAcceptor {

  /**
   * Called on the stream's loop; the stream is paused and belongs to the callee from then on.
   *
   * @param verb first word of its first line
   * @param first what was received so far, from the verb on
   */
  void accept(Stream stream, Sniff.Verb verb, byte[] first);

  /**
   * Whether a ClientHello with these protocol ids is one of a peer. Such a connection is never
   * passed on, whatever becomes of it.
   *
   * @param alpn as the client offers them
   */
  default boolean isPeer(List<String> alpn) {
    return false;
  }

  /**
   * Called on the stream's loop; the stream is paused and belongs to the callee from then on.
   *
   * @param first what was received so far, from the ClientHello on
   */
  default void secured(Stream stream, byte[] first) {
    stream.closeNow();
  }
}
