package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.model.MeshSettings;
import io.opsproxy.dataplane.config.model.MeshSettings.DataEncryption;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.NamePattern;
import io.opsproxy.dataplane.config.value.PeerPattern;
import io.opsproxy.dataplane.config.write.ConfigWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code mesh:}, beyond what {@link ConfigKeysTest} shows of its plain keys. */
class MeshKeysTest {
  private static final String[] ALL = {
    "mesh:",
    "  identity: {certificate: /tls/own.crt, key: /tls/own.key}",
    "  trust:",
    "  - {ca: /tls/west.crt, peers: [\"*/west\"], names: [\"*.west.example.com\", orders], transit: true}",
    "  - {ca: /tls/east.crt, names: [\"*\"]}",
    "  revoked: [\"spiffe://mesh.example.com/peer/west\", \"serial:0a1b2c\"]",
    "  crl: /tls/revoked.pem",
    "  transit: true",
    "  data_encryption: always",
    "  weight: 7",
  };

  private static MeshSettings mesh(String... lines) {
    return Loading.yaml(lines).config().mesh();
  }

  @Test
  void readsAllOfIt() {
    MeshSettings mesh = mesh(ALL);
    assertThat(mesh.identity().orElseThrow().certificate().path())
        .isEqualTo(Path.of("/tls/own.crt"));
    assertThat(mesh.identity().orElseThrow().key().path()).isEqualTo(Path.of("/tls/own.key"));
    assertThat(mesh.trust()).hasSize(2);
    assertThat(mesh.trust().get(0).peers()).containsExactly(new PeerPattern("*/west"));
    assertThat(mesh.trust().get(0).transit()).isTrue();
    assertThat(mesh.trust().get(1).peers()).containsExactly(new PeerPattern("*"));
    assertThat(mesh.trust().get(1).names()).containsExactly(NamePattern.parse("*"));
    assertThat(mesh.trust().get(1).transit()).isFalse();
    assertThat(mesh.revoked())
        .map(Object::toString)
        .containsExactly("spiffe://mesh.example.com/peer/west", "serial:a1b2c");
    assertThat(mesh.crl().orElseThrow().path()).isEqualTo(Path.of("/tls/revoked.pem"));
    assertThat(mesh.transit()).isTrue();
    assertThat(mesh.dataEncryption()).isEqualTo(DataEncryption.ALWAYS);
    assertThat(mesh.weight()).isEqualTo(7);
  }

  @Test
  void anIdentityAdmitsNobodyOfTheOldProtocolUnlessTold() {
    assertThat(mesh("peer: {}").legacyPeers()).isEmpty();
    assertThat(mesh(ALL).legacyPeers()).hasValue(List.of());
    assertThat(
            mesh("mesh:", "  identity: {certificate: a, key: b}", "  legacy_peers: [10.0.0.0/8]")
                .legacyPeers())
        .hasValue(List.of(Cidr.parse("10.0.0.0/8")));
  }

  @Test
  void variablesSetTheSame() {
    MeshSettings mesh =
        Loading.nothing()
            .variable("MESH_IDENTITY_CERTIFICATE", "own.crt")
            .variable("MESH_IDENTITY_KEY", "own.key")
            .variable("MESH_CRL", "crl.pem")
            .variable("MESH_TRANSIT", "true")
            .variable("MESH_DATA_ENCRYPTION", "always")
            .config()
            .mesh();
    assertThat(mesh.identity().orElseThrow().certificate().path()).isEqualTo(Path.of("own.crt"));
    assertThat(mesh.identity().orElseThrow().key().path()).isEqualTo(Path.of("own.key"));
    assertThat(mesh.crl().orElseThrow().path()).isEqualTo(Path.of("crl.pem"));
    assertThat(mesh.transit()).isTrue();
    assertThat(mesh.dataEncryption()).isEqualTo(DataEncryption.ALWAYS);
  }

  @Test
  void whatIsWrittenReadsAsTheSame() {
    var config = Loading.yaml(ALL).config();
    String written = ConfigWriter.write(config);
    assertThat(Loading.yaml(written).config().mesh()).isEqualTo(config.mesh());
    assertThat(written).doesNotContain("legacy_peers");
  }

  @Test
  void saysWhatIsMissing() {
    assertThat(Loading.yaml("mesh:", "  trust: [{ca: a, names: [b]}]").problems())
        .anySatisfy(problem -> assertThat(problem).startsWith("error 2 mesh.trust: trust without"));
    assertThat(Loading.yaml("mesh:", "  identity: {certificate: a}").problems())
        .anySatisfy(problem -> assertThat(problem).contains("mesh.identity needs key"));
    assertThat(
            Loading.yaml(
                    "mesh:",
                    "  identity: {certificate: a, key: b}",
                    "  trust: [{ca: a}, {names: [b]}]")
                .problems())
        .anySatisfy(problem -> assertThat(problem).contains("trust needs names"))
        .anySatisfy(problem -> assertThat(problem).contains("trust needs ca"));
    assertThat(
            Loading.yaml(
                    "mesh:",
                    "  identity: {certificate: a, key: b}",
                    "  trust: [{ca: a, peers: [\"a*b\"], names: [b, \"*.*.x\"]}]")
                .problems())
        .anySatisfy(problem -> assertThat(problem).contains("one * may stand"))
        .anySatisfy(problem -> assertThat(problem).contains("\"*.*.x\": not a name"));
  }
}
