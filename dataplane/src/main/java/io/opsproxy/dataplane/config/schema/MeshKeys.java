package io.opsproxy.dataplane.config.schema;

import io.opsproxy.dataplane.config.model.MeshSettings.DataEncryption;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.NamePattern;
import io.opsproxy.dataplane.config.value.PeerPattern;
import io.opsproxy.dataplane.config.value.Revocation;
import java.nio.file.Path;
import java.util.List;

/** The keys of the section {@code mesh}; a part of the table {@link ConfigKeys}. */
public final class MeshKeys {
  private MeshKeys() {}

  /** Its name. */
  public static final String SECTION = "mesh";

  public static final String IDENTITY_SECTION = "mesh.identity";
  public static final String TRUST_ITEM = "mesh.trust[]";

  private static final ValueType<PeerPattern> PEER =
      new ValueType<>("peer id", "write an id, with one * at an end for several") {
        @Override
        public PeerPattern parse(String text) {
          return new PeerPattern(text);
        }
      };

  private static final ValueType<NamePattern> NAME =
      new ValueType<>("name", "write names such as redis or *.example.com, or * for any") {
        @Override
        public NamePattern parse(String text) {
          return NamePattern.parse(text);
        }
      };

  private static final ValueType<Revocation> REVOCATION =
      new ValueType<>("peer id or serial", "write a peer id, or serial:0a1b2c") {
        @Override
        public Revocation parse(String text) {
          return Revocation.parse(text);
        }
      };

  public static final ConfigKey<Void> IDENTITY =
      ConfigKey.of(
          SECTION,
          "identity",
          ValueTypes.section("section"),
          "",
          "who this peer is to others; with it, links are of protocol v2");

  public static final ConfigKey<Void> TRUST =
      ConfigKey.of(
          SECTION,
          "trust",
          ValueTypes.section("list of sections"),
          "",
          "whose certificates are believed, and for what");

  public static final ConfigKey<List<Sourced<Revocation>>> REVOKED =
      ConfigKey.of(
              SECTION,
              "revoked",
              new ListType<>("list of peer ids or serials", REVOCATION),
              "",
              "certificates that are believed no longer: spiffe://mesh.example.com/peer/west, serial:0a1b2c")
          .variables("MESH_REVOKED");

  public static final ConfigKey<Path> CRL =
      ConfigKey.of(
              SECTION,
              "crl",
              UpstreamTypes.PATH,
              "",
              "PEM file of revocation lists that the authorities have signed")
          .variables("MESH_CRL");

  public static final ConfigKey<Boolean> TRANSIT =
      ConfigKey.of(
              SECTION,
              "transit",
              ValueTypes.BOOLEAN,
              "false",
              "whether this peer tells names that it has learned, and carries their connections")
          .variables("MESH_TRANSIT");

  public static final ConfigKey<DataEncryption> DATA_ENCRYPTION =
      ConfigKey.of(
              SECTION,
              "data_encryption",
              new Word<>(DataEncryption.class, "choice of encryption"),
              "auto",
              "auto: what is TLS already is not encrypted again between peers; always: it is")
          .variables("MESH_DATA_ENCRYPTION");

  public static final ConfigKey<Integer> WEIGHT =
      ConfigKey.of(
              SECTION,
              "weight",
              ValueTypes.integer(1, 100),
              "1",
              "share of this peer among the owners of a name")
          .variables("MESH_WEIGHT");

  public static final ConfigKey<List<Sourced<Cidr>>> LEGACY_PEERS =
      ConfigKey.of(
              SECTION,
              "legacy_peers",
              ValueTypes.CIDRS,
              "(nobody with an identity, else anyone)",
              "addresses that links of protocol v1 may come from and go to; [] for none")
          .variables("MESH_LEGACY_PEERS");

  public static final ConfigKey<Path> CERTIFICATE =
      ConfigKey.of(
              IDENTITY_SECTION,
              "certificate",
              UpstreamTypes.PATH,
              "(required)",
              "PEM file: the certificate of this peer, then those between it and its authority")
          .variables("MESH_IDENTITY_CERTIFICATE");

  public static final ConfigKey<Path> KEY =
      ConfigKey.of(
              IDENTITY_SECTION,
              "key",
              UpstreamTypes.PATH,
              "(required)",
              "PEM file: the key of the certificate")
          .variables("MESH_IDENTITY_KEY");

  public static final ConfigKey<Path> CA =
      ConfigKey.of(
          TRUST_ITEM,
          "ca",
          UpstreamTypes.PATH,
          "(required)",
          "PEM file of one or more authorities");

  public static final ConfigKey<List<Sourced<PeerPattern>>> PEERS =
      ConfigKey.of(
          TRUST_ITEM,
          "peers",
          new ListType<>("list of peer ids", PEER),
          "*",
          "which peers of these authorities, each exact or with one * at an end");

  public static final ConfigKey<List<Sourced<NamePattern>>> NAMES =
      ConfigKey.of(
          TRUST_ITEM,
          "names",
          new ListType<>("list of names", NAME),
          "(required)",
          "names that they may own here; * for any");

  public static final ConfigKey<Boolean> MAY_TRANSIT =
      ConfigKey.of(
          TRUST_ITEM,
          "transit",
          ValueTypes.BOOLEAN,
          "false",
          "whether they may bring names that others own");

  static List<ConfigKey<?>> all() {
    return List.of(
        IDENTITY,
        TRUST,
        REVOKED,
        CRL,
        TRANSIT,
        DATA_ENCRYPTION,
        WEIGHT,
        LEGACY_PEERS,
        CERTIFICATE,
        KEY,
        CA,
        PEERS,
        NAMES,
        MAY_TRANSIT);
  }
}
