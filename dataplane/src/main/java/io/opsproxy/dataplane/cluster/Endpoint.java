package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.dial.Destination;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One place where a service runs, with what is known of it now. A reload that keeps the address
 * keeps the endpoint, with its connections, checks and ejection. Any thread, where nothing else is
 * said.
 */
public final class Endpoint {
  private final Destination destination;
  private final EndpointStats stats = new EndpointStats();
  private final Ejection ejection = new Ejection();
  private final Set<EndpointConnection> open = ConcurrentHashMap.newKeySet();

  /** One for each check of the configuration. On the watching loop. */
  private List<HealthState> checks = List.of();

  private volatile ServiceConfig.Endpoint.Check check = ServiceConfig.Endpoint.Check.USUAL;
  private volatile int weight;
  private volatile int priority;
  private volatile boolean pending;
  private volatile boolean failedCheck;
  private volatile boolean watched;
  private volatile boolean lastConnectFailed;

  /** Set when no connection may be left, not even one that is still being established. */
  private volatile String removal;

  Endpoint(HostPort address, int weight) {
    this(address, weight, 0);
  }

  Endpoint(HostPort address, int weight, int priority) {
    this.destination = Destination.of(address);
    this.weight = weight;
    this.priority = priority;
  }

  /** Whether its host is an IP address and no name. */
  public boolean literalHost() {
    return destination.literal() != null;
  }

  /** As configured. */
  public HostPort address() {
    return destination.address();
  }

  /** Its share of connections relative to the other endpoints of its priority. */
  public int weight() {
    return weight;
  }

  /** Which endpoints come before it: those with a smaller number. */
  public int priority() {
    return priority;
  }

  /** What the configuration says of it from now on; the address stays. */
  void configured(ServiceConfig.Endpoint next) {
    weight = next.weight();
    priority = next.priority();
    check = next.check();
  }

  /** Where a connect to it leads. */
  Destination destination() {
    return destination;
  }

  /** Where a check of it leads. */
  Destination checkDestination() {
    return check.address().map(Destination::of).orElse(destination);
  }

  /** The Host header of its checks where it has one of its own. */
  Optional<String> checkHost() {
    return check.host();
  }

  /** Its counters. */
  public EndpointStats stats() {
    return stats;
  }

  /** Connections open to it. */
  int active() {
    return stats.active();
  }

  Ejection ejection() {
    return ejection;
  }

  // connects

  void connected() {
    lastConnectFailed = false;
    ejection.succeeded();
    stats.opened();
  }

  /** It is open until {@link #released}. */
  void holds(EndpointConnection connection) {
    open.add(connection);
    String why = removal;
    if (why != null) {
      connection.sever(why);
    }
  }

  void released(EndpointConnection connection) {
    open.remove(connection);
    stats.closed();
  }

  /**
   * Closes the connections that are open to it.
   *
   * @param why a clause for logs, such as {@code which is unhealthy}
   */
  void sever(String why) {
    open.forEach(connection -> connection.sever(why));
  }

  /** The same for good: it is not in the configuration any more. */
  void removed() {
    removal = "which is not in the configuration any more";
    sever(removal);
  }

  /**
   * @param inTime false when there was no answer before the time was over
   * @return how many failed in a row
   */
  int connectFailed(boolean inTime) {
    lastConnectFailed = true;
    stats.connectFailed(inTime);
    return ejection.failed();
  }

  // checks, on the watching loop

  /**
   * These checks hold from now on, unless this endpoint has none; those that held before keep what
   * they know.
   *
   * @return the states, one for each check
   */
  List<HealthState> checked(List<HealthCheck> next) {
    List<HealthState> before = new ArrayList<>(checks);
    List<HealthState> after = new ArrayList<>();
    for (HealthCheck one : check.disabled() ? List.<HealthCheck>of() : next) {
      HealthState kept =
          before.stream().filter(state -> state.check().equals(one)).findFirst().orElse(null);
      before.remove(kept);
      after.add(kept == null ? new HealthState(one) : kept);
    }
    checks = List.copyOf(after);
    publish();
    return checks;
  }

  /** Makes known what the checks say now: healthy is what all of them call so. */
  void publish() {
    failedCheck = checks.stream().anyMatch(HealthState::failed);
    pending = checks.stream().anyMatch(HealthState::pending);
  }

  /** Checks or outlier detection say how it is. */
  void watched() {
    watched = true;
  }

  // what is known

  /**
   * Whether connections may go to it: no check says that it is not well, and it is not ejected. One
   * that waits for its first check is used.
   */
  boolean isEligible() {
    return !failedCheck && !ejection.ejected();
  }

  /** Waits for the first result of a check, and none has failed. */
  public boolean isPending() {
    return pending && !failedCheck;
  }

  /** {@code failed_active_hc}: a check says that it is not well. */
  public boolean failedActiveCheck() {
    return failedCheck;
  }

  /** {@code failed_outlier_check}: it is ejected. */
  public boolean failedOutlierCheck() {
    return ejection.ejected();
  }

  /**
   * For status pages. Where neither checks nor outlier detection are configured, it is what the
   * last attempt to connect says; true before the first.
   */
  public boolean isHealthy() {
    return watched ? isEligible() : !lastConnectFailed;
  }
}
