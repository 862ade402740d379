package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.model.IdentitySettings;
import io.opsproxy.dataplane.config.model.MeshSettings;
import io.opsproxy.dataplane.config.model.NamedFile;
import io.opsproxy.dataplane.config.model.TrustSettings;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.MeshKeys;
import io.opsproxy.dataplane.config.schema.Settings;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.Cidr;
import io.opsproxy.dataplane.config.value.NamePattern;
import io.opsproxy.dataplane.config.value.PeerPattern;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code mesh:}. The files that it names are read by those who understand them. */
final class MeshReader {
  private final Settings settings;
  private final Problems problems;

  MeshReader(Settings settings, Problems problems) {
    this.settings = settings;
    this.problems = problems;
  }

  /**
   * @param section {@code mesh} as it stands in the file, for its list; null where there is no file
   *     that could have it
   */
  MeshSettings read(YamlSection section) {
    Optional<IdentitySettings> identity = identity();
    List<TrustSettings> trust = section == null ? List.of() : trust(section);
    if (!hasIdentity()) {
      noEffect(section);
    }
    return new MeshSettings(
        legacyPeers(),
        identity,
        trust,
        values(settings.findValue(MeshKeys.REVOKED).orElse(List.of())),
        file(MeshKeys.CRL),
        settings.get(MeshKeys.TRANSIT),
        settings.get(MeshKeys.DATA_ENCRYPTION),
        settings.get(MeshKeys.WEIGHT));
  }

  /** An identity without a word on v1 means v2 alone: nobody asks for less by not saying so. */
  private Optional<List<Cidr>> legacyPeers() {
    Optional<List<Sourced<Cidr>>> configured = settings.findValue(MeshKeys.LEGACY_PEERS);
    if (configured.isEmpty() && !hasIdentity()) {
      return Optional.empty();
    }
    return Optional.of(values(configured.orElse(List.of())));
  }

  /** Whether one is meant, be it good or bad. */
  private boolean hasIdentity() {
    return mentioned(MeshKeys.CERTIFICATE) || mentioned(MeshKeys.KEY);
  }

  private boolean mentioned(ConfigKey<?> key) {
    return settings.find(key).isPresent() || settings.isBad(key);
  }

  private Optional<IdentitySettings> identity() {
    Optional<NamedFile> certificate = file(MeshKeys.CERTIFICATE);
    Optional<NamedFile> key = file(MeshKeys.KEY);
    needs(MeshKeys.CERTIFICATE, MeshKeys.KEY);
    needs(MeshKeys.KEY, MeshKeys.CERTIFICATE);
    return certificate.isPresent() && key.isPresent()
        ? Optional.of(new IdentitySettings(certificate.get(), key.get()))
        : Optional.empty();
  }

  private void needs(ConfigKey<Path> one, ConfigKey<Path> other) {
    if (settings.find(one).isPresent() && !mentioned(other)) {
      problems.error(
          settings.at(one),
          MeshKeys.IDENTITY_SECTION + " needs " + other.name(),
          "name the file of the " + other.name() + " beside that of the " + one.name());
    }
  }

  private Optional<NamedFile> file(ConfigKey<Path> key) {
    Optional<Sourced<Path>> path = settings.find(key);
    return path.isPresent()
        ? Optional.of(new NamedFile(path.get().value(), path.get().at()))
        : Optional.empty();
  }

  private List<TrustSettings> trust(YamlSection section) {
    List<TrustSettings> trust = new ArrayList<>();
    for (YamlSection item : section.sections(MeshKeys.TRUST, MeshKeys.TRUST_ITEM)) {
      Optional<Sourced<Path>> ca = item.required(MeshKeys.CA, "trust");
      List<PeerPattern> peers = values(item.readOrDefault(MeshKeys.PEERS, "trust "));
      Optional<Sourced<List<Sourced<NamePattern>>>> names = item.required(MeshKeys.NAMES, "trust");
      boolean transit = item.readOrDefault(MeshKeys.MAY_TRANSIT, "trust ");
      if (item.has(MeshKeys.PEERS) && peers.isEmpty()) {
        problems.error(
            item.at(MeshKeys.PEERS), "trust names no peers", "write [\"*\"] for all, or remove it");
      }
      if (ca.isPresent() && names.isPresent()) {
        trust.add(
            new TrustSettings(
                new NamedFile(ca.get().value(), ca.get().at()),
                peers,
                values(names.get().value()),
                transit));
      }
    }
    return trust;
  }

  private void noEffect(YamlSection section) {
    if (section != null && section.has(MeshKeys.TRUST)) {
      problems.error(
          section.at(MeshKeys.TRUST),
          "trust without identity: this peer would believe others and could not prove itself",
          "add mesh.identity; ops-proxy trust issue makes a certificate");
    }
    for (ConfigKey<?> key : List.of(MeshKeys.REVOKED, MeshKeys.CRL, MeshKeys.TRANSIT)) {
      if (settings.find(key).isPresent() && !settings.isBad(key)) {
        problems.warning(
            settings.at(key),
            key.name() + " has no effect without mesh.identity",
            "add mesh.identity, or remove it");
      }
    }
  }

  private static <T> List<T> values(List<Sourced<T>> sourced) {
    List<T> values = new ArrayList<>(sourced.size());
    for (Sourced<T> item : sourced) {
      values.add(item.value());
    }
    return values;
  }
}
