package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.admin.AdminServer;
import io.opsproxy.dataplane.admin.PageSource;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.BindProblem;
import io.opsproxy.dataplane.proxy.BindRetry;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One port of pages. Where it cannot be listened on, that is an error of the pages alone: it is
 * tried again, and the peer serves its clients meanwhile. Any thread but an event loop.
 */
final class PagePort implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(PagePort.class);

  private final String name;
  private final BindAddress wanted;
  private final String setting;
  private final Map<String, PageSource> pages;
  private final Metrics metrics;
  private final BindRetry retry = new BindRetry(this::open);
  private volatile AdminServer server;
  private volatile BindProblem problem;
  private boolean closed;

  /**
   * @param name what it is called in log, metric and status
   * @param setting what its address is set with
   * @param pages by path
   */
  PagePort(
      String name,
      BindAddress wanted,
      String setting,
      Map<String, PageSource> pages,
      Metrics metrics) {
    this.name = name;
    this.wanted = wanted;
    this.setting = setting;
    this.pages = pages;
    this.metrics = metrics;
    metrics.bind(Metric.LISTENER_UP, () -> server == null ? 0 : 1, "(" + name + ")");
    if (!open()) {
      retry.start();
    }
  }

  private synchronized boolean open() {
    if (closed || server != null) {
      return true;
    }
    try {
      server =
          new AdminServer(
              wanted.resolve(), pages, why -> metrics.count(Metric.PAGE_REFUSALS, why.label()));
      if (problem != null) {
        log.info("{} on {}", name, BindAddress.text(server.address()));
      }
      problem = null;
      return true;
    } catch (IOException e) {
      BindProblem now = BindProblem.of(wanted, setting, e);
      if (!now.equals(problem)) {
        log.error("{}: {}; tried again, clients are served all the same", name, now);
      }
      problem = now;
      return false;
    }
  }

  String name() {
    return name;
  }

  /** The real address; empty while it cannot be listened on. */
  Optional<InetSocketAddress> address() {
    return Optional.ofNullable(server).map(AdminServer::address);
  }

  /** Why it cannot be listened on; empty while it is. */
  Optional<BindProblem> problem() {
    return Optional.ofNullable(problem);
  }

  @Override
  public synchronized void close() {
    closed = true;
    retry.close();
    if (server != null) {
      server.close();
    }
  }
}
