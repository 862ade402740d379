package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The heap that the services of a configuration take, estimated before anything is made of them: a
 * configuration that does not fit is refused, instead of ending the process on the way. What each
 * part takes was measured (5,000 services, with their meters, one scrape and one reload, Java 25)
 * and rounded up; docs/operate.md has the sizes that follow from it.
 */
final class ConfigSize {
  static final String REMEDY =
      "give the process more heap (OPS_PROXY_JAVA_OPTS=-Xmx256m), or spread the services over"
          + " several peers";

  static final int SERVICE = 1_000;
  static final int NAME = 2_800;
  static final int ENDPOINT = 2_200;

  /** Of one active check of one endpoint. */
  static final int CHECK = 4_000;

  /** The part of the heap for one configuration: the rest is for traffic, pages and a reload. */
  static final double SHARE = 0.5;

  /**
   * The part for the old one and what is new in the next, which are there together for a moment.
   */
  static final double SHARE_IN_RELOAD = 0.75;

  private static final double MEBIBYTE = 1024.0 * 1024;

  private ConfigSize() {}

  /** Bytes of heap. */
  static long of(Collection<ServiceConfig> services) {
    long bytes = 0;
    for (ServiceConfig service : services) {
      long endpoints = service.endpoints().size();
      bytes += SERVICE + (long) NAME * service.names().size() + ENDPOINT * endpoints;
      bytes += CHECK * endpoints * service.upstream().healthChecks().size();
    }
    return bytes;
  }

  /**
   * @param heap the most that this process may have, in bytes
   * @return a sentence when it is too large
   */
  static Optional<String> check(Config config, long heap) {
    long size = of(config.services());
    long room = (long) (heap * SHARE);
    if (size <= room) {
      return Optional.empty();
    }
    return Optional.of(
        sentence(config, size, heap) + fitting(config.services().size(), size, room) + " fit");
  }

  /** The same for a configuration that is to take the place of another one. */
  static Optional<String> check(Config old, Config next, long heap) {
    Optional<String> alone = check(next, heap);
    if (alone.isPresent()) {
      return alone;
    }
    Set<ServiceConfig> fresh = new HashSet<>(next.services());
    fresh.removeAll(new HashSet<>(old.services()));
    long before = of(old.services());
    long added = of(fresh);
    long room = (long) (heap * SHARE_IN_RELOAD) - before;
    if (added <= room || fresh.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        String.format(
            Locale.ROOT,
            "%d services are new or changed, which need about %.1f MiB beside the %.1f MiB of those"
                + " in force; of a heap of %.0f MiB that leaves room for about %d at a time",
            fresh.size(),
            added / MEBIBYTE,
            before / MEBIBYTE,
            heap / MEBIBYTE,
            fitting(fresh.size(), added, Math.max(0, room))));
  }

  private static String sentence(Config config, long size, long heap) {
    return String.format(
        Locale.ROOT,
        "%d services need about %.1f MiB, and a heap of %.0f MiB has %.1f MiB for them: about ",
        config.services().size(),
        size / MEBIBYTE,
        heap / MEBIBYTE,
        heap * SHARE / MEBIBYTE);
  }

  private static long fitting(long services, long size, long room) {
    return (long) ((double) room / size * services);
  }
}
