package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.sniff.Sniff;

/** Takes connections that turn out to be another peer's. */
public interface PeerAcceptor {

  /**
   * Called on the stream's loop; the stream is paused and belongs to the callee from then on.
   *
   * @param verb first word of its first line
   * @param first what was received so far, from the verb on
   */
  void accept(Stream stream, Sniff.Verb verb, byte[] first);
}
