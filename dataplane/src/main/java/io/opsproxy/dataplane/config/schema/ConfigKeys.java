package io.opsproxy.dataplane.config.schema;

import java.util.ArrayList;
import java.util.List;

/**
 * The one table of everything that can be configured, made of its parts. The readers take names,
 * types, defaults, variables and flags from here, {@link ConfigReference} prints it; a key that is
 * not here does not exist.
 */
public final class ConfigKeys {
  private ConfigKeys() {}

  /** The section of the keys that stand at the top of the file. */
  public static final String TOP = "";

  public static final ConfigKey<?> ADMIN_SECTION = plainSection(AdminKeys.SECTION);

  /** The sections of plain values, which variables and flags can set too. */
  public static final List<ConfigKey<?>> PLAIN_SECTIONS =
      List.of(
          plainSection(PeerKeys.PEER),
          plainSection(LogKeys.SECTION),
          plainSection(ProxyKeys.SECTION),
          plainSection(AccessKeys.SECTION),
          plainSection(MeshKeys.SECTION),
          plainSection(LimitKeys.SECTION),
          ADMIN_SECTION);

  private static final List<ConfigKey<?>> ALL = table();

  /** Every key, in the order of the reference. */
  public static List<ConfigKey<?>> all() {
    return ALL;
  }

  /** The key of that name in that section, or null. */
  public static ConfigKey<?> find(String section, String name) {
    for (ConfigKey<?> key : ALL) {
      if (key.name().equals(name) && key.section().equals(section)) {
        return key;
      }
    }
    return null;
  }

  private static List<ConfigKey<?>> table() {
    List<ConfigKey<?>> table = new ArrayList<>(PLAIN_SECTIONS);
    table.addAll(PeerKeys.all());
    table.addAll(LogKeys.all());
    table.addAll(ProxyKeys.all());
    table.addAll(AccessKeys.all());
    table.addAll(MeshKeys.all());
    table.addAll(LimitKeys.all());
    table.addAll(AdminKeys.all());
    table.addAll(ServiceKeys.all());
    table.addAll(UpstreamKeys.all());
    table.addAll(HealthCheckKeys.all());
    table.addAll(AccessLogKeys.all());
    return List.copyOf(table);
  }

  private static ConfigKey<?> plainSection(String name) {
    return ConfigKey.of(TOP, name, ValueTypes.section("section"), "", "");
  }
}
