package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.Cidr;
import java.util.List;

/** The keys of the section {@code mesh}; a part of the table {@link ConfigKeys}. */
public final class MeshKeys {
  private MeshKeys() {}

  /** Its name. */
  public static final String SECTION = "mesh";

  public static final ConfigKey<List<Sourced<Cidr>>> LEGACY_PEERS =
      ConfigKey.of(
              SECTION,
              "legacy_peers",
              ValueTypes.CIDRS,
              "(anyone)",
              "sources that may open peer links of protocol v1; [] for none")
          .variables("MESH_LEGACY_PEERS");

  static List<ConfigKey<?>> all() {
    return List.of(LEGACY_PEERS);
  }
}
