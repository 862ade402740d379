package io.opsproxy.dataplane.mesh.names;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How many names links may make this peer remember, so that whoever may register cannot register
 * without end. A name costs its meters, several KiB, once; each further owner of it costs little,
 * so that many replicas may register the same names. Any thread.
 */
public final class NameBudget {
  private static final int MOST_OWNERS = 10;
  private final int mostNames;
  private final int mostEntries;
  private final Map<HostName, Integer> owners = new HashMap<>();
  private int entries;

  /**
   * @param mostNames different ones; ten times as many may be registered in all
   */
  public NameBudget(int mostNames) {
    this.mostNames = mostNames;
    mostEntries = MOST_OWNERS * mostNames;
  }

  /** False when there is no room for it. */
  public synchronized boolean take(HostName name) {
    boolean fresh = !owners.containsKey(name);
    if (entries == mostEntries || (fresh && owners.size() == mostNames)) {
      return false;
    }
    entries++;
    owners.merge(name, 1, Integer::sum);
    return true;
  }

  /** Names that were taken before. */
  public synchronized void giveBack(Collection<HostName> names) {
    entries -= names.size();
    for (HostName name : names) {
      owners.compute(name, (n, count) -> count == 1 ? null : count - 1);
    }
  }
}
