package io.opsproxy.dataplane.relay;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;

/** The addresses that this process accepts connections at: none of them is to be dialled by it. */
public final class ListeningSockets {
  private final Set<InetSocketAddress> addresses = new CopyOnWriteArraySet<>();

  void add(InetSocketAddress address) {
    addresses.add(address);
  }

  void remove(InetSocketAddress address) {
    addresses.remove(address);
  }

  /** Whether a connection to this address would come back here. Any thread. */
  public boolean include(InetSocketAddress target) {
    for (InetSocketAddress one : addresses) {
      if (one.getPort() == target.getPort()
          && (one.getAddress().isAnyLocalAddress()
              ? isOwn(target.getAddress())
              : one.getAddress().equals(target.getAddress()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOwn(InetAddress address) {
    try {
      return address.isLoopbackAddress()
          || address.isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return false;
    }
  }
}
