package io.opsproxy.dataplane.peer;

import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.Resolver;
import io.opsproxy.dataplane.cluster.Upstream;
import io.opsproxy.dataplane.config.Config;
import io.opsproxy.dataplane.config.HostName;
import io.opsproxy.dataplane.config.ServiceConfig;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.util.HashMap;
import java.util.Map;

/**
 * The services of the configuration as clusters. A service that a reload does not change keeps its
 * cluster, with all that it has learned about its endpoints.
 */
final class LocalServices {
  private final Relay relay;
  private final Resolver resolver;
  private final Metrics metrics;
  private Map<ServiceConfig, Cluster> clusters = Map.of();
  private Map<HostName, Upstream> routes = Map.of();

  LocalServices(Relay relay, Resolver resolver, Metrics metrics) {
    this.relay = relay;
    this.resolver = resolver;
    this.metrics = metrics;
  }

  /** The routes under this configuration. */
  Map<HostName, Upstream> apply(Config config) {
    Map<ServiceConfig, Cluster> nextClusters = new HashMap<>();
    Map<HostName, Upstream> nextRoutes = new HashMap<>();
    for (ServiceConfig service : config.services()) {
      Cluster kept = clusters.get(service);
      Cluster cluster = kept != null ? kept : new Cluster(service, relay, resolver);
      nextClusters.put(service, cluster);
      for (HostName name : service.names()) {
        Upstream old = routes.get(name);
        boolean same = old instanceof Cluster.LocalUpstream local && local.cluster() == cluster;
        nextRoutes.put(name, same ? old : cluster.named(metrics.name(name.value())));
      }
    }
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
    clusters = nextClusters;
    routes = nextRoutes;
    return nextRoutes;
  }
}
