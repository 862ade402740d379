package io.opsproxy.dataplane.trust.issue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class AuthorityTest {
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void issuesForSeveralThreadsAtOnce() {
    Authority authority = Authority.create("mesh.test", NOW, NOW.plus(Duration.ofDays(10)));
    List<Issued> issued =
        IntStream.range(0, 400)
            .parallel()
            .mapToObj(
                i ->
                    authority.issue(
                        "spiffe://mesh.test/peer/p" + i, NOW, NOW.plus(Duration.ofDays(1))))
            .toList();

    assertThat(issued)
        .allSatisfy(
            one ->
                assertThatCode(
                        () ->
                            one.certificate().verify(authority.own().certificate().getPublicKey()))
                    .doesNotThrowAnyException());
  }

  @Test
  void knowsTheDomainThatItWasMadeFor() {
    assertThat(Authority.create("mesh.test", NOW, NOW.plus(Duration.ofDays(1))).domain())
        .contains("mesh.test");
  }

  @Test
  void keepsItsNameWithinTheBoundOfX509() {
    String domain = "0123456789ab-cdef-0123-4567-89abcdef0123.ops-proxy.internal";
    Authority authority = Authority.create(domain, NOW, NOW.plus(Duration.ofDays(1)));
    String name = authority.own().certificate().getSubjectX500Principal().getName();
    assertThat(name).startsWith("CN=").hasSizeLessThanOrEqualTo("CN=".length() + 64);
    assertThat(authority.domain()).contains(domain);
  }
}
