package io.opsproxy.operator.demo;

/** Where clients of the demo come in, on loopback. */
@FunctionalInterface
interface Entrance {
  /** Of the peer's listener. */
  int proxyPort();
}
