package io.opsproxy.operator.live;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.opsproxy.dataplane.trust.issue.Authority;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.time.Duration;
import java.time.Instant;

/** An authority of another product, which puts what it issues into Secrets as cert-manager does. */
final class TestAuthority {
  private final String domain;
  private final Authority authority;

  TestAuthority(String domain) {
    this.domain = domain;
    Instant now = Instant.now();
    authority =
        Authority.create(domain, now.minus(Duration.ofHours(1)), now.plus(Duration.ofDays(100)));
  }

  String pem() {
    return authority.own().certificatePem();
  }

  /** The same as a value in YAML between double quotes. */
  String quoted() {
    return "\"" + pem().replace("\n", "\\n") + "\"";
  }

  String id(String peer) {
    return "spiffe://" + domain + "/peer/" + peer;
  }

  /** A Secret with a new certificate of a peer. */
  Secret secret(String name, String peer, Duration valid) {
    Instant now = Instant.now();
    Issued issued = authority.issue(id(peer), now.minus(Duration.ofHours(1)), now.plus(valid));
    return new SecretBuilder()
        .withNewMetadata()
        .withName(name)
        .endMetadata()
        .withType("kubernetes.io/tls")
        .addToStringData("tls.crt", issued.certificatePem())
        .addToStringData("tls.key", issued.keyPem())
        .addToStringData("ca.crt", pem())
        .build();
  }
}
