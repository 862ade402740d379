package io.opsproxy.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;

/**
 * Who a peer is to other peers.
 *
 * @param mode Issued by the operator, None (protocol v1), or Secret.
 * @param secretName A Secret of type kubernetes.io/tls in the namespace of the peer, as
 *     cert-manager makes them, with mode Secret. Its ca.crt, if it is there, is what status shows.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@ValidationRule(
    value = "(self.mode == 'Secret') == has(self.secretName)",
    message = "secretName is needed with mode Secret, and means nothing without it")
public record MeshIdentity(
    @JsonPropertyDescription("Issued by the operator, None (protocol v1), or Secret.")
        @Default("Issued")
        IdentityMode mode,
    @JsonPropertyDescription(
            "A Secret of type kubernetes.io/tls in the namespace of the peer, as cert-manager makes them, with mode Secret. Its ca.crt, if it is there, is what status shows.")
        @Pattern("^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$")
        @Size(min = 1, max = 253)
        String secretName) {
  /** What holds where nothing is said. */
  public static final MeshIdentity DEFAULT = new MeshIdentity(null, null);

  public MeshIdentity {
    mode = mode == null ? IdentityMode.ISSUED : mode;
  }
}
