package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Network;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.dial.Resolver;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Relays;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The services of the configuration as clusters. A service that a reload does not change keeps its
 * cluster, with all that it has learned about its endpoints; one that is changed gets a new cluster
 * that goes on with the endpoints which both have.
 */
final class LocalServices implements AutoCloseable {
  private final Relays relays;
  private final Network network;
  private final Metrics metrics;
  private final LoopPulses pulses;
  private Relay watching;
  private volatile Map<ServiceConfig, Cluster> clusters = Map.of();
  private Map<HostName, Upstream> routes = Map.of();

  LocalServices(Relays relays, Relay relay, Resolver resolver, Metrics metrics, LoopPulses pulses) {
    this.relays = relays;
    this.pulses = pulses;
    this.network = new Network(relay, this::watching, resolver);
    this.metrics = metrics;
  }

  /** One thread for all checks; there is none while nothing is checked. */
  private synchronized Relay watching() {
    if (watching == null) {
      watching = relays.open(1, "watch");
      pulses.watch("watch", watching.loops());
    }
    return watching;
  }

  /** The clusters and routes of a configuration, made and not yet in force. */
  final class Change {
    private final Map<ServiceConfig, Cluster> nextClusters = new HashMap<>();
    private final Map<HostName, Upstream> nextRoutes = new HashMap<>();
    private final List<Cluster> fresh = new ArrayList<>();
    private final Set<Cluster> succeeded = new HashSet<>();

    private Change(Config config) {
      for (ServiceConfig service : config.services()) {
        Cluster kept = clusters.get(service);
        Cluster cluster = kept != null ? kept : successor(service, succeeded);
        if (kept == null) {
          fresh.add(cluster);
        }
        nextClusters.put(service, cluster);
        for (HostName name : service.names()) {
          Upstream old = routes.get(name);
          boolean same = old instanceof Cluster.LocalUpstream local && local.cluster() == cluster;
          nextRoutes.put(name, same ? old : cluster.named(metrics.name(name.value())));
        }
      }
    }

    /** What is routed once it is in force. */
    Map<HostName, Upstream> routes() {
      return nextRoutes;
    }

    /** Puts it in force. */
    void commit() {
      count(nextRoutes);
      replace(nextClusters, succeeded);
      fresh.forEach(Cluster::start);
      routes = nextRoutes;
    }
  }

  /** Makes what a configuration needs; nothing of it is in force before {@link Change#commit}. */
  Change prepare(Config config) {
    return new Change(config);
  }

  /** Goes on where the cluster of one of its names ends; each has one successor at the most. */
  private Cluster successor(ServiceConfig service, Set<Cluster> succeeded) {
    Optional<Cluster> before =
        service.names().stream()
            .map(routes::get)
            .filter(Cluster.LocalUpstream.class::isInstance)
            .map(old -> ((Cluster.LocalUpstream) old).cluster())
            .filter(succeeded::add)
            .findFirst();
    String label = service.names().get(0).value();
    return new Cluster(service, network, metrics.service(label), before);
  }

  private void count(Map<HostName, Upstream> nextRoutes) {
    nextRoutes.forEach(
        (name, upstream) -> {
          if (!routes.containsKey(name)) {
            upstream.metrics().owners(+1);
          }
        });
    routes.forEach(
        (name, upstream) -> {
          if (!nextRoutes.containsKey(name)) {
            upstream.metrics().owners(-1);
            metrics.retire(name.value());
          }
        });
  }

  private void replace(Map<ServiceConfig, Cluster> nextClusters, Set<Cluster> succeeded) {
    Set<String> labels = new HashSet<>();
    nextClusters.values().forEach(cluster -> labels.add(cluster.name()));
    clusters.forEach(
        (service, cluster) -> {
          if (!nextClusters.containsKey(service)) {
            cluster.close();
            if (!succeeded.contains(cluster)) {
              cluster.removed();
            }
          }
          if (!labels.contains(cluster.name())) {
            metrics.forgetService(cluster.name());
          }
        });
    clusters = nextClusters;
  }

  /** In the order of the configuration. Any thread. */
  List<Cluster> clusters(Config config) {
    Map<ServiceConfig, Cluster> now = clusters;
    return config.services().stream().map(now::get).filter(Objects::nonNull).toList();
  }

  /** Ends all watching. */
  @Override
  public void close() {
    clusters.values().forEach(Cluster::close);
    synchronized (this) {
      if (watching != null) {
        watching.close();
      }
    }
  }
}
