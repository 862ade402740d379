package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.value.BindAddress;
import java.util.List;

/** The keys of the section {@code admin}; a part of the table {@link ConfigKeys}. */
public final class AdminKeys {
  private AdminKeys() {}

  /** Its name. */
  public static final String SECTION = "admin";

  public static final ConfigKey<BindAddress> ADMIN_ADDRESS =
      ConfigKey.of(
              SECTION,
              "address",
              ValueTypes.BIND_ADDRESS,
              "127.0.0.1:10000",
              "address of the pages in Envoy's shapes; there are none unless this or the section is set")
          .variables("ADMIN_ADDRESS");

  static List<ConfigKey<?>> all() {
    return List.of(ADMIN_ADDRESS);
  }
}
