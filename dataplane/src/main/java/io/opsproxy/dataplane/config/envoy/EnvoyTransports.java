package io.opsproxy.dataplane.config.envoy;

import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.read.HealthCheckReader;
import io.opsproxy.dataplane.config.read.HealthCheckReader.Transport;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The {@code transport_socket_matches} of a cluster. Bytes of clients are relayed as they are, so a
 * match with TLS may hold for health checks alone: those whose {@code
 * transport_socket_match_criteria} have all that the match asks for, the first match of all.
 */
final class EnvoyTransports implements HealthCheckReader.Transports {
  /** Where the metadata of an endpoint says which match is its own. */
  private static final String METADATA = "envoy.transport_socket_match";

  /**
   * One match.
   *
   * @param wanted what has to be said, by key; everything has it where that is nothing
   */
  private record Match(Map<String, String> wanted, Transport transport, Source at) {
    boolean holds(Map<String, String> said) {
      return said.entrySet().containsAll(wanted.entrySet());
    }
  }

  /** Envoy's, for the chain of a certificate. */
  enum Verification {
    VERIFY_TRUST_CHAIN,
    ACCEPT_UNTRUSTED
  }

  private final List<Match> matches = new ArrayList<>();

  private EnvoyTransports() {}

  /** Those of a cluster; what is not served is reported. */
  static EnvoyTransports read(YamlSection cluster, String subject, Problems problems) {
    EnvoyTransports transports = new EnvoyTransports();
    for (YamlSection section :
        cluster.sections(EnvoyKeys.TRANSPORT_MATCHES, "TransportSocketMatch")) {
      YamlSection socket = section.section(EnvoyKeys.MATCHED_SOCKET, "TransportSocket");
      YamlNode config = socket.node(EnvoyKeys.TRANSPORT_CONFIG);
      Optional<EnvoyType> type = EnvoyType.of(config);
      Optional<Transport> transport = Optional.empty();
      if (type.isPresent() && type.get() == EnvoyType.RAW_BUFFER) {
        socket.section(EnvoyKeys.TRANSPORT_CONFIG, EnvoyType.RAW_BUFFER.section());
        transport = Optional.of(new Transport(Scheme.HTTP, Optional.empty(), Optional.empty()));
      } else if (type.isPresent() && type.get() == EnvoyType.UPSTREAM_TLS) {
        transport =
            Optional.of(
                tls(
                    socket.section(EnvoyKeys.TRANSPORT_CONFIG, EnvoyType.UPSTREAM_TLS.section()),
                    subject));
      } else {
        problems.error(
            section.at(EnvoyKeys.MATCHED_SOCKET),
            subject + " has a transport_socket with " + EnvoyType.shown(config),
            "remove it, because bytes are relayed as they are; only raw_buffer, and TLS for health"
                + " checks, are supported");
      }
      Map<String, String> wanted = words(section.node(EnvoyKeys.MATCH));
      transport.ifPresent(found -> transports.matches.add(new Match(wanted, found, section.at())));
    }
    return transports;
  }

  private static Transport tls(YamlSection context, String subject) {
    YamlSection validation =
        context
            .section(EnvoyKeys.COMMON_TLS, "CommonTlsContext")
            .section(EnvoyKeys.VALIDATION, "CertificateValidationContext");
    YamlSection ca = validation.section(EnvoyKeys.TRUSTED_CA, "TrustedCa");
    Optional<Path> file = ca.readValue(EnvoyKeys.CA_FILE, subject + " trusted_ca ");
    boolean verified =
        validation
                .readValue(EnvoyKeys.CHAIN_VERIFICATION, subject + " ")
                .orElse(Verification.VERIFY_TRUST_CHAIN)
            == Verification.VERIFY_TRUST_CHAIN;
    return new Transport(
        Scheme.HTTPS,
        verified ? file : Optional.empty(),
        context.readValue(EnvoyKeys.SNI, subject + " sni ").filter(name -> !name.isEmpty()));
  }

  /** What the metadata of an endpoint says of its transport; empty when it says nothing. */
  static Map<String, String> said(YamlNode metadata) {
    return metadata instanceof YamlNode.Mapping mapping
            && field(mapping, "filter_metadata", "filterMetadata") instanceof YamlNode.Mapping by
        ? words(by.get(METADATA))
        : Map.of();
  }

  private static YamlNode field(YamlNode.Mapping mapping, String name, String other) {
    YamlNode found = mapping.get(name);
    return found != null ? found : mapping.get(other);
  }

  private static Map<String, String> words(YamlNode node) {
    Map<String, String> words = new HashMap<>();
    if (node instanceof YamlNode.Mapping mapping) {
      for (YamlNode.Entry entry : mapping.entries()) {
        // anything but a word equals nothing that can be said
        words.put(
            entry.key(),
            entry.value() instanceof YamlNode.Scalar scalar ? scalar.text() : "\0" + entry.line());
      }
    }
    return words;
  }

  /**
   * Reports a match by which connections of clients would be TLS.
   *
   * @param endpoints what the metadata of each says
   */
  void check(List<Map<String, String>> endpoints, String subject, Problems problems) {
    for (Map<String, String> said : endpoints) {
      Optional<Match> own = matches.stream().filter(match -> match.holds(said)).findFirst();
      if (own.isPresent() && own.get().transport().scheme() == Scheme.HTTPS) {
        problems.error(
            own.get().at(),
            subject
                + " transport_socket_matches has TLS for connections of clients, which would be"
                + " plain: bytes are relayed as they are",
            "give the match a word that only transport_socket_match_criteria of a health check has");
        return;
      }
    }
  }

  @Override
  public Optional<Transport> of(YamlSection check) {
    if (!check.has(EnvoyKeys.MATCH_CRITERIA)) {
      return Optional.empty();
    }
    Map<String, String> said = words(check.node(EnvoyKeys.MATCH_CRITERIA));
    return matches.stream().filter(match -> match.holds(said)).map(Match::transport).findFirst();
  }
}
