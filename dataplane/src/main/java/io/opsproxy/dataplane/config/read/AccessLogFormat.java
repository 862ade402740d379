package io.opsproxy.dataplane.config.read;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Sourced;
import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.Vocabulary;
import io.opsproxy.dataplane.config.schema.YamlSection;
import io.opsproxy.dataplane.config.value.Quoted;
import io.opsproxy.dataplane.config.yaml.YamlNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a line of an access log looks like.
 *
 * @param text ends with a line feed; empty when {@code json} is set
 * @param json key to text, in the order of the file
 */
public record AccessLogFormat(String text, Optional<Map<String, String>> json) {
  /** The peer's own default: what a connection has, without what only HTTP has. */
  public static final String DEFAULT =
      "[%START_TIME%] %DOWNSTREAM_REMOTE_ADDRESS% %REQUESTED_SERVER_NAME% %UPSTREAM_CLUSTER%"
          + " %UPSTREAM_HOST% %RESPONSE_FLAGS% %BYTES_RECEIVED% %BYTES_SENT% %DURATION%\n";

  /**
   * Text that ends its line: without a line feed, which Envoy's language leaves to the user, lines
   * would run together.
   */
  public static AccessLogFormat ofText(String text) {
    return new AccessLogFormat(text.endsWith("\n") ? text : text + "\n", Optional.empty());
  }

  /**
   * Reads the format that stands in a section; empty when there is none, or a bad one, which is
   * reported.
   */
  public static Optional<AccessLogFormat> read(
      YamlSection section, ConfigKey<String> textKey, ConfigKey<?> jsonKey, Problems problems) {
    Optional<AccessLogFormat> text = readText(section, textKey, problems);
    Optional<Map<String, String>> json = readJson(section, jsonKey, problems);
    if (text.isPresent() && json.isPresent()) {
      problems.error(
          section.at(jsonKey),
          "access log has both " + textKey.name() + " and " + jsonKey.name(),
          "keep one of the two");
    }
    if (json.isPresent()) {
      AccessLogCheck.check(String.join(" ", json.get().values()), section.at(jsonKey), problems);
      return Optional.of(new AccessLogFormat("", json));
    }
    return text;
  }

  /** The same where only a text may stand. */
  public static Optional<AccessLogFormat> readText(
      YamlSection section, ConfigKey<String> key, Problems problems) {
    Optional<Sourced<String>> text = section.read(key, "access log ");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    AccessLogCheck.check(text.get().value(), text.get().at(), problems);
    return Optional.of(ofText(text.get().value()));
  }

  private static Optional<Map<String, String>> readJson(
      YamlSection section, ConfigKey<?> key, Problems problems) {
    YamlNode node = section.node(key);
    if (node == null) {
      return Optional.empty();
    }
    if (!(node instanceof YamlNode.Mapping mapping)) {
      problems.error(
          section.at(key),
          "expected a section of keys and texts, found " + node.kind(),
          "write key: \"%OPERATOR%\" on lines of their own");
      return Optional.empty();
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (YamlNode.Entry entry : mapping.entries()) {
      if (entry.value() instanceof YamlNode.Scalar scalar) {
        fields.put(entry.key(), scalar.text());
      } else {
        problems.error(
            section.at(key).key(Vocabulary.shown(entry.key()), entry.line()),
            "access log field " + Quoted.of(entry.key()) + " is " + entry.value().kind(),
            "write one text for each key, without nesting");
      }
    }
    return Optional.of(fields);
  }
}
