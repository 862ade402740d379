package io.opsproxy.dataplane.testing;

import java.net.InetSocketAddress;
import java.util.Map;

/** A running peer, in this process or in one of its own. */
public interface PeerUnderTest {

  /**
   * The environment of a peer of this run: {@code -Drelay=channel} has the whole suite run with
   * that relay.
   */
  static Map<String, String> variables() {
    String relay = System.getProperty("relay", "");
    return relay.isEmpty() ? Map.of() : Map.of("PROXY_RELAY", relay);
  }

  /** Where clients and peers connect. */
  InetSocketAddress address();

  StatusPages pages();

  default Wire client() {
    return Wire.connect(address());
  }

  /** One request on a connection of its own. */
  default Wire.Answer get(String host) {
    try (Wire client = client()) {
      return client.get(host);
    }
  }
}
