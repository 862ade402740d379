package io.opsproxy.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class AuthorityKeysTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String DOMAIN = "mesh.test";

  private static Instant after(int days) {
    return START.plus(Duration.ofDays(days));
  }

  @Test
  void theNextAuthorityIsToldToEverybodyBeforeItIssuesAndTheLastOneWhileItIsValid() {
    AuthorityKeys first = AuthorityKeys.first(DOMAIN, START);
    assertThat(first.at(after(2_900), DOMAIN)).isSameAs(first);

    AuthorityKeys told = first.at(after(2_921), DOMAIN);
    assertThat(told.current()).isEqualTo(first.current());
    assertThat(told.next()).isPresent();
    assertThat(told.bundle())
        .contains(first.bundle())
        .contains(told.next().orElseThrow().certificatePem());
    assertThat(told.at(after(3_280), DOMAIN)).isSameAs(told);

    AuthorityKeys taken = told.at(after(3_286), DOMAIN);
    assertThat(taken.current()).isEqualTo(told.next().orElseThrow());
    assertThat(taken.previous()).contains(first.current().certificate());
    assertThat(taken.next()).isEmpty();
    assertThat(taken.bundle()).contains(first.bundle());

    AuthorityKeys alone = taken.at(after(3_651), DOMAIN);
    assertThat(alone.previous()).isEmpty();
    assertThat(alone.bundle()).isEqualTo(taken.current().certificatePem());
  }

  @Test
  void everythingOfItComesBackFromItsSecret() throws IOException {
    ObjectKey key = new ObjectKey("system", "ops-proxy-ca");
    AuthorityKeys first = AuthorityKeys.first(DOMAIN, START);
    for (AuthorityKeys keys :
        new AuthorityKeys[] {
          first,
          first.at(after(3_000), DOMAIN),
          first.at(after(3_000), DOMAIN).at(after(3_300), DOMAIN)
        }) {
      Secret secret = AuthoritySecret.of(key, keys);
      assertThat(AuthoritySecret.read(secret)).isEqualTo(keys);
    }
  }
}
