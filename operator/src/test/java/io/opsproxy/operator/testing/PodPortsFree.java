package io.opsproxy.operator.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Whether pods can listen where their specs say. A process that listens on a port of all addresses
 * has it on the addresses of pods as well, and no pod would ever become ready.
 */
final class PodPortsFree {
  /** Of the network of loopback, but of no pod. */
  private static final byte[] ADDRESS = {127, (byte) 255, (byte) 255, (byte) 254};

  private PodPortsFree() {}

  /**
   * Looks at each of them.
   *
   * @throws IllegalStateException naming the port that is taken, and what to do
   */
  static void check(int... ports) {
    for (int port : ports) {
      try (ServerSocket socket = new ServerSocket()) {
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(ADDRESS), port));
      } catch (IOException e) {
        throw new IllegalStateException(
            "port "
                + port
                + " is taken on all addresses of this machine, and the pods of the tests need it on"
                + " theirs: stop the process that listens there (ss -ltnp 'sport = :"
                + port
                + "')",
            e);
      }
    }
  }
}
