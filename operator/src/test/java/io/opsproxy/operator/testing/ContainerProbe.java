package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Probe;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * One probe of one container, from its start to its end, by httpGet or tcpSocket. It asks again a
 * period after each answer and reports when the threshold of successes or failures is reached, and
 * then with each further answer. It is used by the thread of its pod; the asking itself is not.
 */
final class ContainerProbe {
  private final Probe probe;
  private final Container container;
  private final String address;
  private final ScheduledExecutorService pod;
  private final Executor askers;
  private final BooleanSupplier alive;
  private final Consumer<Boolean> report;
  private int successes;
  private int failures;

  /**
   * @param pod the thread of the pod
   * @param alive whether its process still runs and the probe is still wanted
   * @param report gets true after enough successes, false after enough failures
   */
  ContainerProbe(
      Probe probe,
      Container container,
      String address,
      ScheduledExecutorService pod,
      Executor askers,
      BooleanSupplier alive,
      Consumer<Boolean> report) {
    this.probe = probe;
    this.container = container;
    this.address = address;
    this.pod = pod;
    this.askers = askers;
    this.alive = alive;
    this.report = report;
  }

  void start() {
    schedule(or(probe.getInitialDelaySeconds(), 0));
  }

  private void schedule(int seconds) {
    pod.schedule(this::ask, seconds, TimeUnit.SECONDS);
  }

  private void ask() {
    if (alive.getAsBoolean()) {
      CompletableFuture.supplyAsync(this::succeeds, askers).thenAcceptAsync(this::answered, pod);
    }
  }

  private void answered(boolean success) {
    if (!alive.getAsBoolean()) {
      return;
    }
    successes = success ? successes + 1 : 0;
    failures = success ? 0 : failures + 1;
    if (successes >= or(probe.getSuccessThreshold(), 1)) {
      report.accept(true);
    } else if (failures >= or(probe.getFailureThreshold(), 3)) {
      report.accept(false);
    }
    schedule(or(probe.getPeriodSeconds(), 10));
  }

  private boolean succeeds() {
    int timeout = 1000 * or(probe.getTimeoutSeconds(), 1);
    try {
      if (probe.getHttpGet() != null) {
        return getSucceeds(timeout);
      }
      try (Socket socket = new Socket()) {
        socket.connect(
            new InetSocketAddress(address, port(probe.getTcpSocket().getPort())), timeout);
        return true;
      }
    } catch (IOException e) {
      return false;
    }
  }

  private boolean getSucceeds(int timeout) throws IOException {
    URI uri =
        URI.create(
            "http://%s:%d%s"
                .formatted(
                    address, port(probe.getHttpGet().getPort()), probe.getHttpGet().getPath()));
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setConnectTimeout(timeout);
    connection.setReadTimeout(timeout);
    connection.setInstanceFollowRedirects(false);
    // As kubelet does: each probe is a connection of its own.
    connection.setRequestProperty("Connection", "close");
    try {
      int code = connection.getResponseCode();
      return code >= 200 && code < 400;
    } finally {
      connection.disconnect();
    }
  }

  private int port(IntOrString port) {
    if (port.getIntVal() != null) {
      return port.getIntVal();
    }
    return container.getPorts().stream()
        .filter(named -> port.getStrVal().equals(named.getName()))
        .map(ContainerPort::getContainerPort)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("no container port is named " + port.getStrVal()));
  }

  private static int or(Integer value, int otherwise) {
    return value == null ? otherwise : value;
  }
}
