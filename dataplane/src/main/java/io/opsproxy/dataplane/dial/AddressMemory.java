package io.opsproxy.dataplane.dial;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which addresses of names with several could not be connected lately: they are tried last, for 30
 * s. Any thread.
 */
final class AddressMemory {
  private static final long REMEMBERED = TimeUnit.SECONDS.toNanos(30);
  private static final int MOST = 4096;
  private final LongSupplier nanos;
  private final Map<InetSocketAddress, Long> failedAt = new ConcurrentHashMap<>();

  AddressMemory(LongSupplier nanos) {
    this.nanos = nanos;
  }

  void failed(InetSocketAddress address) {
    if (failedAt.size() >= MOST) {
      long now = nanos.getAsLong();
      failedAt.values().removeIf(at -> now - at >= REMEMBERED);
      if (failedAt.size() >= MOST) {
        failedAt.clear();
      }
    }
    failedAt.put(address, nanos.getAsLong());
  }

  void connected(InetSocketAddress address) {
    if (!failedAt.isEmpty()) {
      failedAt.remove(address);
    }
  }

  private boolean hasFailedLately(InetSocketAddress address) {
    Long at = failedAt.get(address);
    return at != null && nanos.getAsLong() - at < REMEMBERED;
  }

  /**
   * The order in which to try them: those that are not known to fail first, and among those another
   * one each time, so that connections are spread over all.
   *
   * @param turn counts the connects
   */
  List<InetSocketAddress> inOrder(List<InetAddress> addresses, int port, int turn) {
    List<InetSocketAddress> good = new ArrayList<>(addresses.size());
    List<InetSocketAddress> bad = new ArrayList<>(0);
    for (InetAddress address : addresses) {
      InetSocketAddress target = new InetSocketAddress(address, port);
      (hasFailedLately(target) ? bad : good).add(target);
    }
    if (good.size() > 1) {
      Collections.rotate(good, -Math.floorMod(turn, good.size()));
    }
    good.addAll(bad);
    return good;
  }
}
