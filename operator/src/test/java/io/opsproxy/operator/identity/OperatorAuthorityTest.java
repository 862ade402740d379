package io.opsproxy.operator.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.testing.KubeServer;
import io.opsproxy.operator.testing.RealApiServer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@RealApiServer(controllers = false)
final class OperatorAuthorityTest {
  private final KubernetesClient client;
  private final ObjectKey key;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");

  OperatorAuthorityTest(KubeServer server) {
    client = server.client();
    key = new ObjectKey(server.newNamespace("authority"), "ops-proxy-ca");
  }

  private OperatorAuthority operator() {
    return operator(Optional.empty(), "mesh.test");
  }

  private OperatorAuthority operator(Optional<String> said, String fresh) {
    return new OperatorAuthority(client, key, said, () -> fresh, () -> now);
  }

  @Test
  void theDomainIsThatOfTheAuthorityUnlessOneIsSaid() throws IOException {
    assertThat(operator().current().issuer().domain()).isEqualTo("mesh.test");
    assertThat(operator(Optional.empty(), "other.test").current().issuer().domain())
        .isEqualTo("mesh.test");
    assertThat(operator(Optional.of("said.test"), "").current().issuer().domain())
        .isEqualTo("said.test");
  }

  private Secret secret() {
    return client.secrets().inNamespace(key.namespace()).withName(key.name()).get();
  }

  private Secret secretOf(Map<String, String> data) {
    return new SecretBuilder()
        .withNewMetadata()
        .withNamespace(key.namespace())
        .withName(key.name())
        .endMetadata()
        .withData(data)
        .build();
  }

  private void pass(int days) {
    now = now.plus(Duration.ofDays(days));
  }

  @Test
  void allOperatorsIssueByTheSameAuthorityWhichIsRenewedWithOverlap() throws IOException {
    OperatorAuthority one = operator();
    OperatorAuthority.Current first = one.current();
    assertThat(operator().current().issuer()).isEqualTo(first.issuer());

    pass(3_000);
    OperatorAuthority.Current told = one.current();
    assertThat(told.authority().own()).isEqualTo(first.authority().own());
    assertThat(told.issuer().bundle())
        .startsWith(first.issuer().bundle())
        .isNotEqualTo(first.issuer().bundle());
    assertThat(operator().current().issuer()).isEqualTo(told.issuer());

    pass(300);
    OperatorAuthority.Current taken = one.current();
    assertThat(taken.authority().own()).isNotEqualTo(first.authority().own());
    assertThat(told.issuer().bundle()).contains(taken.authority().own().certificatePem());
    assertThat(taken.issuer().bundle()).contains(first.issuer().bundle());
    assertThat(operator().current().issuer()).isEqualTo(taken.issuer());
  }

  @Test
  void oneThatWasDeletedComesBackAsItWasWhileAnOperatorKnowsIt() throws IOException {
    OperatorAuthority one = operator();
    OperatorAuthority.Current before = one.current();
    client.resource(secret()).delete();
    assertThat(one.current().issuer()).isEqualTo(before.issuer());
    pass(1);
    assertThat(one.current().issuer()).isEqualTo(before.issuer());
    assertThat(operator().current().issuer()).isEqualTo(before.issuer());
  }

  @Test
  void aSecretThatHoldsNoAuthorityIsNamedAndNotReplaced() {
    Secret foreign = secretOf(Map.of("tls.crt", "", "tls.key", ""));
    client.resource(foreign).create();
    assertThatThrownBy(() -> operator().current())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Secret " + key);
    assertThat(secret().getData()).containsEntry("tls.crt", "");
  }
}
