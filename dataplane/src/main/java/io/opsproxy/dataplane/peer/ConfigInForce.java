package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.admin.StatusPage.ConfigState;
import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.problem.Problem;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people which configuration is in force, and what became of each new one: in the log, on
 * {@code /status}, and in metrics. {@link #state} may be called from any thread, the rest by one at
 * a time.
 */
final class ConfigInForce {
  private static final Logger log = LoggerFactory.getLogger(ConfigInForce.class);
  private static final int SHORT_HASH = 12;

  private final Config first;
  private final Metrics metrics;
  private volatile ConfigState state;

  /**
   * @param first what the peer starts with
   */
  ConfigInForce(LoadResult loaded, Config first, Metrics metrics) {
    this.first = first;
    this.metrics = metrics;
    state = accepted(loaded);
  }

  private static ConfigState accepted(LoadResult loaded) {
    return new ConfigState(
        loaded.hash(), loaded.source(), Instant.now(), List.of(), loaded.problems());
  }

  /** The hash as logs show it. */
  static String shown(LoadResult loaded) {
    return loaded.hash().substring(0, SHORT_HASH);
  }

  ConfigState state() {
    return state;
  }

  /** The peer serves by what it started with. */
  void started(LoadResult loaded) {
    metrics.bind(Metric.CONFIG_LAST_RELOAD_SUCCESSFUL, () -> state.errors().isEmpty() ? 1 : 0);
    metrics.configInForce(loaded.hash());
    report(loaded.problems());
  }

  /** A new one is in force. */
  void replaced(LoadResult loaded, Config next) {
    metrics.reloaded(true);
    metrics.configInForce(loaded.hash());
    state = accepted(loaded);
    report(loaded.problems());
    for (String setting : needRestart(next)) {
      log.warn("{} changed in the file; it takes effect after a restart", setting);
    }
    log.info("configuration {} in force, {} local services", shown(loaded), next.services().size());
  }

  /** A new one was not put in force. */
  void refused(List<Problem> problems) {
    metrics.reloaded(false);
    List<Problem> errors =
        problems.stream().filter(problem -> problem.severity() == Problem.Severity.ERROR).toList();
    ConfigState old = state;
    state = new ConfigState(old.hash(), old.source(), old.loadedAt(), errors, old.warnings());
    report(problems);
    log.error("the new configuration was refused, the old one stays in force");
  }

  private List<String> needRestart(Config next) {
    List<String> changed = new ArrayList<>();
    if (!next.peer().metricsAddress().equals(first.peer().metricsAddress())) {
      changed.add("peer.listen_address");
    }
    if (!next.peer().telemetryPath().equals(first.peer().telemetryPath())) {
      changed.add("peer.telemetry_path");
    }
    if (!next.admin().equals(first.admin())) {
      changed.add("admin.address");
    }
    if (next.proxy().relay() != first.proxy().relay()) {
      changed.add("proxy.relay");
    }
    if (next.proxy().threads() != first.proxy().threads()) {
      changed.add("proxy.threads");
    }
    return changed;
  }

  private static void report(List<Problem> problems) {
    for (Problem problem : problems) {
      if (problem.severity() == Problem.Severity.ERROR) {
        log.error("{}", problem);
      } else {
        log.warn("{}", problem);
      }
    }
  }
}
