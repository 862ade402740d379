package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.telemetry.Protocol;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * What is known of a client connection once it has said what it wants. Made once; routing, access
 * rules, metrics and logs all read this one object, so that they cannot disagree (CVE-2026-40910).
 *
 * @param source the client: its socket address, or what a trusted PROXY header says
 * @param listener name of the listener that accepted it
 * @param protocol how its first bytes were understood
 * @param name what it asked for; empty on a fixed or default route
 */
record ConnectionFacts(
    InetSocketAddress source, String listener, Protocol protocol, Optional<HostName> name) {

  @Override
  public String toString() {
    return source.getAddress().getHostAddress()
        + ":"
        + source.getPort()
        + " on "
        + listener
        + " "
        + protocol.label()
        + name.map(n -> " " + n).orElse("");
  }
}
