package io.opsproxy.dataplane.config.schema;

import static io.opsproxy.dataplane.config.schema.ValueTypes.section;

import io.opsproxy.dataplane.config.model.ListenerConfig.ProxyHeader;
import io.opsproxy.dataplane.config.model.ServiceConfig;
import io.opsproxy.dataplane.config.model.ServiceConfig.LbPolicy;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import java.time.Duration;
import java.util.List;

/**
 * The keys of the lists of sections, services and listeners; a part of the table {@link
 * ConfigKeys}.
 */
public final class ServiceKeys {
  private ServiceKeys() {}

  public static final String SERVICES = "services[]";
  public static final String ENDPOINTS = "services[].endpoints[]";
  public static final String CONNECT = "services[].connect";
  public static final String LISTENERS = "listeners[]";
  public static final String SNI_ROUTES = "listeners[].sni_routes[]";
  public static final String BACKENDS_ITEM = "peer.backends[]";

  public static final ValueType<Integer> PRIORITY =
      ValueTypes.integer(0, ServiceConfig.Endpoint.LAST_PRIORITY);

  public static final ConfigKey<Void> SERVICES_LIST =
      ConfigKey.of(
          ConfigKeys.TOP,
          "services",
          section("list of sections"),
          "",
          "the long form of service_addr");

  public static final ConfigKey<Void> LISTENERS_LIST =
      ConfigKey.of(
          ConfigKeys.TOP,
          "listeners",
          section("list of sections"),
          "",
          "addresses to listen on beyond bind_addr");

  public static final ConfigKey<HostName> SERVICE_NAME =
      ConfigKey.of(
          SERVICES,
          "name",
          ValueTypes.NAME,
          "(required, or names)",
          "name that connections ask for; *.example.com for all names below example.com");

  public static final ConfigKey<List<Sourced<HostName>>> SERVICE_NAMES =
      ConfigKey.of(SERVICES, "names", ValueTypes.NAMES, "", "several names of one service");

  public static final ConfigKey<Void> SERVICE_ENDPOINTS =
      ConfigKey.of(
          SERVICES,
          "endpoints",
          section("list of host:port or sections"),
          "(required)",
          "where the service runs: host:port, or a section with address, weight, priority");

  public static final ConfigKey<LbPolicy> LB_POLICY =
      ConfigKey.of(
          SERVICES,
          "lb_policy",
          ValueTypes.LB_POLICY,
          "ROUND_ROBIN",
          "how connections are spread: ROUND_ROBIN, LEAST_REQUEST, RANDOM, or SOURCE_HASH (the same endpoint for the same client)");

  public static final ConfigKey<Void> SERVICE_CONNECT =
      ConfigKey.of(
          SERVICES, "connect", section("section"), "", "how connections to the endpoints are made");

  public static final ConfigKey<HostPort> ENDPOINT_ADDRESS =
      ConfigKey.of(ENDPOINTS, "address", ValueTypes.HOST_PORT, "(required)", "host and port");

  public static final ConfigKey<Integer> ENDPOINT_WEIGHT =
      ConfigKey.of(
          ENDPOINTS,
          "weight",
          ValueTypes.integer(1, 128),
          "1",
          "share of connections relative to the other endpoints of its priority");

  public static final ConfigKey<Integer> ENDPOINT_PRIORITY =
      ConfigKey.of(
          ENDPOINTS,
          "priority",
          PRIORITY,
          "0",
          "0 is used first; a further one as far as fewer than 71.43 % before it are healthy");

  public static final ConfigKey<Duration> CONNECT_TIMEOUT =
      ConfigKey.of(
          CONNECT,
          "timeout",
          ValueTypes.DURATION,
          "(proxy.dial_timeout)",
          "limit of one attempt to connect");

  public static final ConfigKey<Integer> CONNECT_ATTEMPTS =
      ConfigKey.of(
          CONNECT,
          "attempts",
          ValueTypes.integer(1, 16),
          "4",
          "attempts for one connection, each on an endpoint not tried before");

  public static final ConfigKey<String> LISTENER_NAME =
      ConfigKey.of(
          LISTENERS, "name", ValueTypes.LISTENER_NAME, "(the address)", "name in logs and status");

  public static final ConfigKey<BindAddress> LISTENER_ADDRESS =
      ConfigKey.of(
          LISTENERS, "address", ValueTypes.BIND_ADDRESS, "(required)", "address to listen on");

  public static final ConfigKey<HostName> LISTENER_SERVICE =
      ConfigKey.of(
          LISTENERS,
          "service",
          ValueTypes.EXACT_NAME,
          "",
          "every connection goes to this service, unread");

  public static final ConfigKey<HostName> LISTENER_DEFAULT_SERVICE =
      ConfigKey.of(
          LISTENERS,
          "default_service",
          ValueTypes.EXACT_NAME,
          "",
          "where connections go that name nothing; not together with service");

  public static final ConfigKey<Duration> LISTENER_DETECT_TIMEOUT =
      ConfigKey.of(
          LISTENERS,
          "detect_timeout",
          ValueTypes.DURATION,
          "3",
          "how long a silent client waits for the default service");

  public static final ConfigKey<Boolean> LISTENER_DETECT =
      ConfigKey.of(
          LISTENERS,
          "detect",
          ValueTypes.DETECT,
          "(auto; off with service)",
          "auto: the first bytes decide where a connection goes; off: they are not read");

  public static final ConfigKey<ProxyHeader> LISTENER_PROXY_HEADER =
      ConfigKey.of(
          LISTENERS,
          "proxy_header",
          new Word<>(ProxyHeader.class, "way to take PROXY headers"),
          "trusted",
          "trusted: from access.trusted_proxies, if they send one; required: every connection has"
              + " one; optional: those that have one. The last two hold for everybody where"
              + " access.trusted_proxies names nobody");

  public static final ConfigKey<Void> LISTENER_SNI_ROUTES =
      ConfigKey.of(
          LISTENERS,
          "sni_routes",
          section("list of sections"),
          "",
          "services by the server name of TLS, for this listener only; the rest goes to"
              + " default_service");

  public static final ConfigKey<List<Sourced<HostName>>> SERVER_NAMES =
      ConfigKey.of(
          SNI_ROUTES,
          "server_names",
          ValueTypes.NAMES,
          "(required)",
          "names that clients ask for; an exact one wins, else the longest wildcard");

  public static final ConfigKey<HostName> SNI_SERVICE =
      ConfigKey.of(
          SNI_ROUTES, "service", ValueTypes.EXACT_NAME, "(required)", "the service that they get");

  public static final ConfigKey<HostName> BACKEND_NAME =
      ConfigKey.of(
          BACKENDS_ITEM, "name", ValueTypes.NAME, "(required)", "name that connections ask for");

  public static final ConfigKey<HostPort> BACKEND_ADDRESS =
      ConfigKey.of(
          BACKENDS_ITEM, "address", ValueTypes.HOST_PORT, "(required)", "where the service runs");

  static List<ConfigKey<?>> all() {
    return List.of(
        SERVICES_LIST,
        LISTENERS_LIST,
        SERVICE_NAME,
        SERVICE_NAMES,
        SERVICE_ENDPOINTS,
        LB_POLICY,
        SERVICE_CONNECT,
        ENDPOINT_ADDRESS,
        ENDPOINT_WEIGHT,
        ENDPOINT_PRIORITY,
        CONNECT_TIMEOUT,
        CONNECT_ATTEMPTS,
        LISTENER_NAME,
        LISTENER_ADDRESS,
        LISTENER_SERVICE,
        LISTENER_DEFAULT_SERVICE,
        LISTENER_DETECT_TIMEOUT,
        LISTENER_DETECT,
        LISTENER_PROXY_HEADER,
        LISTENER_SNI_ROUTES,
        SERVER_NAMES,
        SNI_SERVICE,
        BACKEND_NAME,
        BACKEND_ADDRESS);
  }
}
