package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.ConnectRule;
import java.util.List;

/** The keys of the section {@code access}; a part of the table {@link ConfigKeys}. */
public final class AccessKeys {
  private AccessKeys() {}

  /** Its name. */
  public static final String SECTION = "access";

  public static final ConfigKey<List<Sourced<ConnectRule>>> ACCESS_CONNECT =
      ConfigKey.of(
              SECTION,
              "connect",
              ValueTypes.CONNECT_RULES,
              "",
              "targets that HTTP CONNECT may reach although no service has their name: db.internal:5432, *.example.com:443, 10.0.0.0/8:*")
          .variables("ACCESS_CONNECT");

  public static final ConfigKey<List<Sourced<Cidr>>> TRUSTED_PROXIES =
      ConfigKey.of(
              SECTION,
              "trusted_proxies",
              ValueTypes.CIDRS,
              "",
              "sources whose PROXY protocol header is believed; from all others it closes the connection")
          .variables("ACCESS_TRUSTED_PROXIES");

  static List<ConfigKey<?>> all() {
    return List.of(ACCESS_CONNECT, TRUSTED_PROXIES);
  }
}
