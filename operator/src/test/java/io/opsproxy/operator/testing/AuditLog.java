package io.opsproxy.operator.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** What service accounts have asked of the API server, as its audit log has it. */
final class AuditLog {
  /** Everybody else of these tests may do anything, and is of no interest. */
  private static final String POLICY =
      """
      apiVersion: audit.k8s.io/v1
      kind: Policy
      omitStages: [RequestReceived]
      rules:
      - {level: Metadata, userGroups: ["system:serviceaccounts"]}
      - {level: None}
      """;

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path policy;
  private final Path log;

  AuditLog(Path policy, Path log) throws IOException {
    this.policy = Files.writeString(policy, POLICY);
    this.log = log;
  }

  /** Of the API server. */
  List<String> flags() {
    return List.of("--audit-policy-file=" + policy, "--audit-log-path=" + log);
  }

  /** Of one account until now; a watch that goes on may be there once, one that has ended twice. */
  List<KubeRequest> requestsOf(String namespace, String serviceAccount) {
    String user = "system:serviceaccount:" + namespace + ":" + serviceAccount;
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .map(AuditLog::read)
          .filter(event -> event.at("/user/username").asText().equals(user))
          .map(AuditLog::request)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode read(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException("not a line of an audit log: " + line, e);
    }
  }

  private static KubeRequest request(JsonNode event) {
    JsonNode object = event.path("objectRef");
    String subresource = object.path("subresource").asText();
    return new KubeRequest(
        event.path("verb").asText(),
        object.path("apiGroup").asText(),
        object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource),
        object.path("namespace").asText(),
        object.path("name").asText(),
        event.at("/responseStatus/code").asInt());
  }
}
