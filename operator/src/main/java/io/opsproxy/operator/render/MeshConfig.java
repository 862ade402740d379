package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.Mesh;
import io.opsproxy.dataplane.config.model.IdentitySettings;
import io.opsproxy.dataplane.config.model.MeshSettings;
import io.opsproxy.dataplane.config.model.MeshSettings.DataEncryption;
import io.opsproxy.dataplane.config.model.NamedFile;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.Revocation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The {@code mesh:} section of a peer's configuration. */
final class MeshConfig {
  private MeshConfig() {}

  /**
   * @throws RefusedSpec naming the value
   */
  static MeshSettings of(Mesh mesh, Trust trust) {
    Optional<List<Cidr>> legacy =
        Optional.ofNullable(mesh.legacyPeers())
            .map(peers -> RefusedSpec.parseAll("spec.mesh.legacyPeers", peers, Cidr::parse));
    if (!mesh.hasIdentity()) {
      return new MeshSettings(legacy);
    }
    return new MeshSettings(
        Optional.of(legacy.orElse(List.of())),
        Optional.of(new IdentitySettings(beside(TlsSecret.CERTIFICATE), beside(TlsSecret.KEY))),
        trust.entries(),
        RefusedSpec.parseAll("spec.mesh.revoked", mesh.revoked(), Revocation::parse),
        Optional.empty(),
        mesh.transit(),
        DataEncryption.AUTO,
        1);
  }

  private static NamedFile beside(String file) {
    return new NamedFile(Path.of(file), Source.DEFAULT);
  }
}
