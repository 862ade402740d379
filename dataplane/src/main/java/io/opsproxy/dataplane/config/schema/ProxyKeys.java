package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.model.ProxySettings.RelayChoice;
import io.opsproxy.dataplane.config.value.HostName;
import java.time.Duration;
import java.util.List;

/** The keys of the section {@code proxy}; a part of the table {@link ConfigKeys}. */
public final class ProxyKeys {
  private ProxyKeys() {}

  /** Its name. */
  public static final String SECTION = "proxy";

  public static final ConfigKey<Duration> DIAL_TIMEOUT =
      ConfigKey.of(
              SECTION,
              "dial_timeout",
              ValueTypes.DURATION,
              "30",
              "limit of one attempt to connect to a backend")
          .variables("PROXY_DIAL_TIMEOUT_SECONDS");

  public static final ConfigKey<Duration> READ_TIMEOUT =
      ConfigKey.of(
              SECTION,
              "read_timeout",
              ValueTypes.DURATION,
              "30",
              "time in which a client has to say what it wants, counted from its connect")
          .variables("PROXY_READ_TIMEOUT_SECONDS");

  public static final ConfigKey<Duration> IDLE_TIMEOUT =
      ConfigKey.of(
              SECTION,
              "idle_timeout",
              ValueTypes.DURATION,
              "1h",
              "a connection without a byte for this long is closed")
          .variables("PROXY_IDLE_TIMEOUT_SECONDS");

  public static final ConfigKey<Duration> HALF_CLOSED_TIMEOUT =
      ConfigKey.of(
              SECTION,
              "half_closed_timeout",
              ValueTypes.DURATION,
              "5m",
              "the same, once one side has ended")
          .variables("PROXY_HALF_CLOSED_TIMEOUT_SECONDS");

  public static final ConfigKey<Integer> THREADS =
      ConfigKey.of(
              SECTION,
              "threads",
              ValueTypes.integer(0, 1024),
              "0",
              "event loops; 0 means one for each processor")
          .variables("PROXY_THREADS")
          .flag("--concurrency");

  public static final ConfigKey<RelayChoice> RELAY =
      ConfigKey.of(
              SECTION,
              "relay",
              ValueTypes.RELAY,
              "auto",
              "what moves bytes: auto (the kernel relay where it can run), kernel, channel")
          .variables("PROXY_RELAY");

  public static final ConfigKey<HostName> PROXY_DEFAULT_SERVICE =
      ConfigKey.of(
              SECTION,
              "default_service",
              ValueTypes.EXACT_NAME,
              "",
              "where connections to bind_addr go that name nothing")
          .variables("PROXY_DEFAULT_SERVICE");

  public static final ConfigKey<Duration> PROXY_DETECT_TIMEOUT =
      ConfigKey.of(
              SECTION,
              "detect_timeout",
              ValueTypes.DURATION,
              "3",
              "how long a silent client of bind_addr waits for the default service")
          .variables("PROXY_DETECT_TIMEOUT_SECONDS");

  static List<ConfigKey<?>> all() {
    return List.of(
        DIAL_TIMEOUT,
        READ_TIMEOUT,
        IDLE_TIMEOUT,
        HALF_CLOSED_TIMEOUT,
        THREADS,
        RELAY,
        PROXY_DEFAULT_SERVICE,
        PROXY_DETECT_TIMEOUT);
  }
}
