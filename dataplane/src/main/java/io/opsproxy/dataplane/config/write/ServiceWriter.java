package io.opsproxy.dataplane.config.write;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.OutlierDetection;
import io.opsproxy.dataplane.config.model.ProxySettings;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.Endpoint;
import io.opsproxy.dataplane.config.model.UpstreamPolicy;
import io.opsproxy.dataplane.config.model.UpstreamPolicy.CircuitBreaker;
import io.opsproxy.dataplane.config.read.ServiceReader;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ServiceKeys;
import io.opsproxy.dataplane.config.schema.UpstreamKeys;
import java.util.ArrayList;
import java.util.List;

/** Writes the items of {@code services:}; what {@link ServiceReader} reads. */
final class ServiceWriter {
  private ServiceWriter() {}

  /**
   * @param proxy holds the connect timeout that need not be written
   */
  static WrittenSection write(ServiceConfig service, ProxySettings proxy) {
    WrittenSection section = new WrittenSection();
    if (service.names().size() == 1) {
      section.put(ServiceKeys.SERVICE_NAME, service.names().get(0));
    } else {
      section.putList(ServiceKeys.SERVICE_NAMES, service.names());
    }
    section.putList(ServiceKeys.SERVICE_ENDPOINTS, endpoints(service.endpoints()));
    section.put(ServiceKeys.LB_POLICY, service.lbPolicy());
    WrittenSection connect = new WrittenSection();
    if (!service.connectTimeout().equals(proxy.dialTimeout())) {
      connect.put(ServiceKeys.CONNECT_TIMEOUT, service.connectTimeout());
    }
    connect.put(ServiceKeys.CONNECT_ATTEMPTS, service.connectAttempts());
    section.put(ServiceKeys.SERVICE_CONNECT, connect);
    writeUpstream(service.upstream(), section);
    return section;
  }

  private static List<Object> endpoints(List<Endpoint> endpoints) {
    List<Object> items = new ArrayList<>();
    for (Endpoint endpoint : endpoints) {
      WrittenSection section = new WrittenSection();
      section.put(ServiceKeys.ENDPOINT_ADDRESS, endpoint.address());
      section.put(ServiceKeys.ENDPOINT_WEIGHT, endpoint.weight());
      section.put(ServiceKeys.ENDPOINT_PRIORITY, endpoint.priority());
      items.add(section.entries().size() == 1 ? endpoint.address() : section);
    }
    return items;
  }

  private static void writeUpstream(UpstreamPolicy upstream, WrittenSection section) {
    List<WrittenSection> checks = new ArrayList<>();
    for (HealthCheck check : upstream.healthChecks()) {
      checks.add(HealthCheckWriter.write(check));
    }
    section.putAll(UpstreamKeys.HEALTH_CHECKS, checks);
    upstream.outlierDetection().ifPresent(outlier -> writeOutlier(outlier, section));
    section.put(UpstreamKeys.PANIC_THRESHOLD, upstream.panicThreshold());
    upstream.keepalive().ifPresent(keepalive -> writeKeepalive(keepalive, section));
    section.put(UpstreamKeys.PROXY_PROTOCOL, upstream.proxyProtocol());
    section.put(UpstreamKeys.CLOSE_ON_HEALTH_FAILURE, upstream.closing().onHealthFailure());
    section.put(UpstreamKeys.CLOSE_ON_REMOVAL, upstream.closing().onRemoval());
    if (!upstream.circuitBreaker().equals(CircuitBreaker.DEFAULT)) {
      writeCircuitBreaker(upstream.circuitBreaker(), section);
    }
  }

  private static void writeOutlier(OutlierDetection outlier, WrittenSection service) {
    WrittenSection section = new WrittenSection();
    section.put(UpstreamKeys.CONSECUTIVE_5XX, outlier.consecutiveConnectFailures());
    section.put(UpstreamKeys.OUTLIER_INTERVAL, outlier.interval());
    section.put(UpstreamKeys.BASE_EJECTION_TIME, outlier.baseEjectionTime());
    section.put(UpstreamKeys.MAX_EJECTION_TIME, outlier.maxEjectionTime());
    section.put(UpstreamKeys.MAX_EJECTION_PERCENT, outlier.maxEjectionPercent());
    section.put(UpstreamKeys.ALWAYS_EJECT_ONE_HOST, outlier.alwaysEjectOneHost());
    section.put(UpstreamKeys.UNEJECT_ON_HEALTHY_CHECK, outlier.unejectOnHealthyCheck());
    service.putAnyway(UpstreamKeys.OUTLIER_DETECTION, section);
  }

  private static void writeKeepalive(
      UpstreamPolicy.TcpKeepalive keepalive, WrittenSection service) {
    WrittenSection section = new WrittenSection();
    section.put(UpstreamKeys.KEEPALIVE_PROBES, keepalive.probes());
    section.put(UpstreamKeys.KEEPALIVE_TIME, keepalive.timeSeconds());
    section.put(UpstreamKeys.KEEPALIVE_INTERVAL, keepalive.intervalSeconds());
    WrittenSection options = new WrittenSection();
    options.putAnyway(UpstreamKeys.TCP_KEEPALIVE, section);
    service.put(UpstreamKeys.CONNECTION_OPTIONS, options);
  }

  private static void writeCircuitBreaker(CircuitBreaker breaker, WrittenSection service) {
    WrittenSection section = new WrittenSection();
    putLimit(UpstreamKeys.BREAKER_CONNECTIONS, breaker.maxConnections(), section);
    putLimit(UpstreamKeys.BREAKER_PENDING, breaker.maxPending(), section);
    putLimit(UpstreamKeys.BREAKER_RETRIES, breaker.maxRetries(), section);
    WrittenSection breakers = new WrittenSection();
    breakers.putList(UpstreamKeys.THRESHOLDS_LIST, List.of(section));
    service.put(UpstreamKeys.CIRCUIT_BREAKERS, breakers);
  }

  private static void putLimit(ConfigKey<Integer> key, int limit, WrittenSection section) {
    if (limit != Integer.MAX_VALUE) {
      section.put(key, limit);
    }
  }
}
