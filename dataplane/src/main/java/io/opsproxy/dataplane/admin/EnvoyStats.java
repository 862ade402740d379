package io.opsproxy.dataplane.admin;

import io.opsproxy.dataplane.admin.EnvoyStat.Kind;
import io.opsproxy.dataplane.cluster.Cluster;
import io.opsproxy.dataplane.cluster.ClusterStats;
import io.opsproxy.dataplane.cluster.Endpoint;
import io.opsproxy.dataplane.cluster.EndpointStats;
import io.opsproxy.dataplane.config.value.BindAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The numbers that are kept here, by the names that Envoy has for them. One use. */
final class EnvoyStats {
  private final EnvoyPages.Source source;
  private final SortedMap<String, EnvoyStat> stats = new TreeMap<>();

  EnvoyStats(EnvoyPages.Source source) {
    this.source = source;
  }

  /** By their names as {@code /stats} has them, in that order; the caller's own. */
  SortedMap<String, EnvoyStat> all() {
    gauge(Kind.SERVER, "", "live", source.draining() ? 0 : 1);
    gauge(Kind.SERVER, "", "state", source.draining() ? 1 : 0);
    gauge(Kind.SERVER, "", "uptime", (long) source.uptimeSeconds());
    gauge(Kind.SERVER, "", "total_connections", source.sessions());
    gauge(Kind.SERVER, "", "concurrency", source.loops());
    gauge(Kind.SERVER, "", "memory_heap_size", Runtime.getRuntime().totalMemory());
    gauge(Kind.SERVER, "", "memory_allocated", MemoryPage.used());
    gauge(Kind.CLUSTER_MANAGER, "", "active_clusters", source.clusters().size());
    Map<String, InetSocketAddress> listeners = source.listeners();
    gauge(Kind.LISTENER_MANAGER, "", "total_listeners_active", listeners.size());
    source.clusters().forEach(this::cluster);
    listeners.forEach((name, address) -> listener(address, source.traffic(name)));
    return stats;
  }

  private void listener(InetSocketAddress address, EnvoyPages.Traffic traffic) {
    // as Envoy spells an address in names
    String of = BindAddress.text(address).replace(':', '_');
    counter(Kind.LISTENER, of, "downstream_cx_total", traffic.total());
    gauge(Kind.LISTENER, of, "downstream_cx_active", traffic.active());
    counter(Kind.LISTENER, of, "downstream_cx_destroy", traffic.total() - traffic.active());
  }

  private void cluster(Cluster cluster) {
    // as Envoy does, in numbers alone
    String of = cluster.name().replace(':', '_');
    ClusterStats now = cluster.stats();
    long active = 0;
    long connected = 0;
    long total = 0;
    long failed = 0;
    long timedOut = 0;
    long healthy = 0;
    for (Endpoint endpoint : cluster.endpoints()) {
      EndpointStats one = endpoint.stats();
      active += one.active();
      connected += one.connected();
      total += one.connects();
      failed += one.connectFails();
      timedOut += one.timeouts();
      healthy += endpoint.isHealthy() ? 1 : 0;
    }
    gauge(Kind.CLUSTER, of, "membership_total", now.endpoints());
    gauge(Kind.CLUSTER, of, "membership_healthy", healthy);
    gauge(Kind.CLUSTER, of, "max_host_weight", maxWeight(cluster));
    gauge(Kind.CLUSTER, of, "upstream_cx_active", active);
    counter(Kind.CLUSTER, of, "upstream_cx_total", total);
    counter(Kind.CLUSTER, of, "upstream_cx_connect_fail", failed);
    counter(Kind.CLUSTER, of, "upstream_cx_connect_timeout", timedOut);
    counter(Kind.CLUSTER, of, "upstream_cx_destroy", connected - active);
    counter(Kind.CLUSTER, of, "upstream_cx_none_healthy", now.noneHealthy());
    counter(Kind.CLUSTER, of, "upstream_cx_overflow", now.connectionsOverflow());
    EnvoyPages.Bytes bytes = source.bytes(cluster);
    counter(Kind.CLUSTER, of, "upstream_cx_tx_bytes_total", bytes.toUpstream());
    counter(Kind.CLUSTER, of, "upstream_cx_rx_bytes_total", bytes.toClient());
    gauge(Kind.CLUSTER, of, "upstream_rq_active", active);
    counter(Kind.CLUSTER, of, "upstream_rq_total", connected);
    counter(Kind.CLUSTER, of, "upstream_rq_pending_overflow", now.pendingOverflow());
    counter(Kind.CLUSTER, of, "upstream_rq_retry", now.retries());
    counter(Kind.CLUSTER, of, "upstream_rq_retry_overflow", now.retriesOverflow());
    counter(Kind.CLUSTER, of, "lb_healthy_panic", now.panicPicks());
    counter(Kind.CLUSTER, of, "health_check.attempt", now.checks());
    counter(Kind.CLUSTER, of, "health_check.success", now.checks() - now.checksFailed());
    counter(Kind.CLUSTER, of, "health_check.failure", now.checksFailed());
    gauge(Kind.CLUSTER, of, "health_check.healthy", healthy);
    gauge(Kind.CLUSTER, of, "outlier_detection.ejections_active", now.ejected());
    counter(Kind.CLUSTER, of, "outlier_detection.ejections_enforced_total", now.ejections());
    counter(Kind.CLUSTER, of, "outlier_detection.ejections_overflow", now.ejectionsOverflow());
  }

  private static long maxWeight(Cluster cluster) {
    return cluster.endpoints().stream().mapToInt(Endpoint::weight).max().orElse(0);
  }

  private void counter(Kind kind, String of, String name, long value) {
    put(new EnvoyStat(kind, of, name, true, value));
  }

  private void gauge(Kind kind, String of, String name, long value) {
    put(new EnvoyStat(kind, of, name, false, value));
  }

  private void put(EnvoyStat stat) {
    stats.put(stat.text(), stat);
  }
}
