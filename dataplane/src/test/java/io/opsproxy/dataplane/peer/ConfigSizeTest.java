package io.opsproxy.dataplane.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.model.Config;
import org.junit.jupiter.api.Test;

final class ConfigSizeTest {
  private static final long MEBIBYTE = 1024 * 1024;
  private static final int PLAIN = ConfigSize.SERVICE + ConfigSize.NAME + ConfigSize.ENDPOINT;

  private static Config config(String prefix, int services) {
    StringBuilder text = new StringBuilder("services:\n");
    for (int i = 0; i < services; i++) {
      text.append("- {name: ")
          .append(prefix)
          .append(i)
          .append(", endpoints: [{address: \"10.0.0.1:80\"}]}\n");
    }
    return ConfigLoader.check(text.toString(), "test").config().orElseThrow();
  }

  private static Config config(String text) {
    return ConfigLoader.check(text, "test").config().orElseThrow();
  }

  @Test
  void everyPartCounts() {
    assertThat(ConfigSize.of(config("a", 3).services())).isEqualTo(3 * PLAIN);
    Config checked =
        config(
            """
            services:
            - names: [a, b]
              endpoints: [{address: "10.0.0.1:80"}, {address: "10.0.0.2:80"}]
              health_checks:
              - {timeout: 1s, interval: 5s, tcp_health_check: {}}
            """);
    assertThat(ConfigSize.of(checked.services()))
        .isEqualTo(
            ConfigSize.SERVICE
                + 2 * ConfigSize.NAME
                + 2 * ConfigSize.ENDPOINT
                + 2 * ConfigSize.CHECK);
  }

  @Test
  void whatDoesNotFitIsToldHowManyDo() {
    long heap = 2L * 100 * PLAIN;
    assertThat(ConfigSize.check(config("a", 100), heap)).isEmpty();
    assertThat(ConfigSize.check(config("a", 101), heap).orElse(""))
        .contains("101 services need about 0.6 MiB")
        .endsWith("about 100 fit");
  }

  @Test
  void theUsualHeapTakesThousands() {
    assertThat(ConfigSize.check(config("a", 5_000), 62 * MEBIBYTE)).isEmpty();
    assertThat(ConfigSize.check(config("a", 20_000), 62 * MEBIBYTE)).isPresent();
  }

  @Test
  void aReloadHasOldAndNewAtOnce() {
    long heap = 2L * 100 * PLAIN;
    Config old = config("a", 100);
    assertThat(ConfigSize.check(old, config("a", 100), heap)).isEmpty();
    assertThat(ConfigSize.check(old, config("a", 60), heap)).isEmpty();
    assertThat(ConfigSize.check(old, config("b", 50), heap)).isEmpty();
    assertThat(ConfigSize.check(old, config("b", 60), heap).orElse(""))
        .startsWith("60 services are new or changed")
        .endsWith("about 50 at a time");
  }
}
