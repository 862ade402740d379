package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.Settings;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.Quoted;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The addresses that the process listens on; all of them must go together. */
public final class OpenAddresses {
  private final Problems problems;
  private final Map<Integer, List<Opened>> byPort = new HashMap<>();

  private record Opened(String what, BindAddress address) {}

  public OpenAddresses(Problems problems) {
    this.problems = problems;
  }

  /** Adds the value of a key, unless it was reported as bad. */
  public void open(Settings settings, ConfigKey<BindAddress> key) {
    if (!settings.isBad(key)) {
      open(key.path(), settings.get(key), settings.at(key));
    }
  }

  /**
   * Adds an address; one that collides is reported.
   *
   * @param what whose address it is
   * @param at where it stands
   */
  public void open(String what, BindAddress address, Source at) {
    List<Opened> samePort = byPort.get(address.port());
    if (samePort == null) {
      samePort = new ArrayList<>();
      byPort.put(address.port(), samePort);
    }
    for (Opened other : samePort) {
      if (other.address.overlaps(address)) {
        problems.error(
            at,
            what
                + " "
                + Quoted.of(address.toString())
                + " and "
                + other.what
                + " "
                + Quoted.of(other.address.toString())
                + " cannot both be listened on",
            "give one of them another port or another host");
        break;
      }
    }
    samePort.add(new Opened(what, address));
  }
}
