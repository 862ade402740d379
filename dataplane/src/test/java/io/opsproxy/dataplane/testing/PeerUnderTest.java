package io.opsproxy.dataplane.testing;

import java.net.InetSocketAddress;

/** A running peer, in this process or in one of its own. */
public interface PeerUnderTest {

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
