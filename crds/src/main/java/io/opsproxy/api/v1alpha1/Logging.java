package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;

/**
 * What the pods log.
 *
 * @param level debug, info, warn or error.
 * @param format text or json.
 * @param accessLog A line for each connection, on standard output, in the format language of Envoy;
 *     none by default.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Logging(
    @JsonPropertyDescription("debug, info, warn or error.") @Default("info") LogLevel level,
    @JsonPropertyDescription("text or json.") @Default("text") LogFormat format,
    @JsonPropertyDescription(
            "A line for each connection, on standard output, in the format language of Envoy; none by default.")
        @Size(max = 4096)
        String accessLog) {
  /** What holds where nothing is said. */
  public static final Logging DEFAULT = new Logging(null, null, null);

  public Logging {
    level = level == null ? LogLevel.INFO : level;
    format = format == null ? LogFormat.TEXT : format;
  }
}
