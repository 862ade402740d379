package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;

/**
 * A request for a page.
 *
 * @param path Path of the page, beginning with a slash.
 * @param host Host header; the address of the endpoint by default.
 * @param scheme Auto, HTTP or HTTPS.
 * @param expectedStatuses Statuses that mean healthy; 200 by default.
 * @param caBundle Certificates (PEM) that the one of the endpoint must chain to; those of the Java
 *     runtime by default.
 * @param serverName Name to verify, also sent as SNI; the host of the endpoint by default.
 * @param insecureSkipVerify Accept any certificate.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record HttpCheck(
    @JsonPropertyDescription("Path of the page, beginning with a slash.")
        @Required
        @Size(max = 1024)
        @Text(TextFormat.REQUEST_PATH)
        String path,
    @JsonPropertyDescription("Host header; the address of the endpoint by default.")
        @Size(max = 253)
        @Text(TextFormat.HOST_HEADER)
        String host,
    @JsonPropertyDescription("Auto, HTTP or HTTPS.") @Default("Auto") CheckScheme scheme,
    @JsonPropertyDescription("Statuses that mean healthy; 200 by default.") @Size(max = 16)
        List<StatusRange> expectedStatuses,
    @JsonPropertyDescription(
            "Certificates (PEM) that the one of the endpoint must chain to; those of the Java runtime by default.")
        @Size(max = 65536)
        @Text(TextFormat.CERTIFICATES)
        String caBundle,
    @JsonPropertyDescription(
            "Name to verify, also sent as SNI; the host of the endpoint by default.")
        @Size(max = 253)
        @Text(TextFormat.SERVER_NAME)
        String serverName,
    @JsonPropertyDescription("Accept any certificate.") @Default("false")
        Boolean insecureSkipVerify) {
  public HttpCheck {
    scheme = scheme == null ? CheckScheme.AUTO : scheme;
    expectedStatuses = expectedStatuses == null ? List.of() : List.copyOf(expectedStatuses);
    insecureSkipVerify = insecureSkipVerify == null ? false : insecureSkipVerify;
  }
}
