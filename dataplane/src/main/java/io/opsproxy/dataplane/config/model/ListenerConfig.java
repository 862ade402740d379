package io.opsproxy.dataplane.config.model;

import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.HostName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One listening address. With a fixed {@code service} nothing is sniffed and every connection goes
 * there; with {@code sniRoutes} only the server name in a ClientHello is looked at; otherwise the
 * first bytes decide among all names that this peer knows.
 *
 * @param name unique; shows in logs and status
 * @param address where to listen
 * @param service fixed route: a name that {@code services} or a remote peer serves
 * @param defaultService where a connection goes whose bytes name nothing known, or that stays
 *     silent for {@code detectTimeout}; never together with {@code service}
 * @param detectTimeout how long a silent client waits for the default route (default 3 s); no
 *     effect without one
 * @param sniRoutes where connections go by their server name; with any, names that this peer serves
 *     otherwise mean nothing here. Never together with {@code service}
 * @param proxyHeader who may, or must, begin with a PROXY header
 */
public record ListenerConfig(
    String name,
    BindAddress address,
    Optional<HostName> service,
    Optional<HostName> defaultService,
    Duration detectTimeout,
    List<SniRoute> sniRoutes,
    ProxyHeader proxyHeader) {

  /** What a listener makes of PROXY headers, which say for whom a connection comes. */
  public enum ProxyHeader {
    /** Believed from {@code access.trusted_proxies}, which may leave it out. */
    TRUSTED,
    /**
     * Every connection begins with one: from {@code access.trusted_proxies}, or from anybody where
     * that names nobody. All else is closed. Envoy: the listener filter {@code proxy_protocol}.
     */
    REQUIRED,
    /** From the same sources as {@link #REQUIRED}, which may leave it out. */
    OPTIONAL
  }

  /** With headers from trusted proxies alone. */
  public ListenerConfig(
      String name,
      BindAddress address,
      Optional<HostName> service,
      Optional<HostName> defaultService,
      Duration detectTimeout,
      List<SniRoute> sniRoutes) {
    this(name, address, service, defaultService, detectTimeout, sniRoutes, ProxyHeader.TRUSTED);
  }

  /** Without routes of its own by server name. */
  public ListenerConfig(
      String name,
      BindAddress address,
      Optional<HostName> service,
      Optional<HostName> defaultService,
      Duration detectTimeout) {
    this(name, address, service, defaultService, detectTimeout, List.of());
  }

  public ListenerConfig {
    sniRoutes = List.copyOf(sniRoutes);
  }
}
