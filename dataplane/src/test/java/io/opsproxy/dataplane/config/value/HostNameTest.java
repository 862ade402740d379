package io.opsproxy.dataplane.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostNameTest {
  private static final String LABEL_63 = "a".repeat(63);
  private static final String NAME_253 =
      LABEL_63 + "." + LABEL_63 + "." + LABEL_63 + "." + "a".repeat(61);

  @ParameterizedTest
  @CsvSource({
    "redis, redis",
    "API.Example.COM, api.example.com",
    "api.example.com., api.example.com",
    "a_b-c.d, a_b-c.d",
    "10.0.0.1, 10.0.0.1",
    "[FD00::1], [fd00::1]",
    "xn--bcher-kva.example, xn--bcher-kva.example",
  })
  void normalisesExactNames(String raw, String value) {
    assertThat(HostName.exact(raw)).contains(new HostName(value));
    assertThat(HostName.pattern(raw)).contains(new HostName(value));
    assertThat(HostName.pattern(raw).orElseThrow().isWildcard()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "*.example.com, *.example.com",
    "*.COM., *.com",
    "*.bücher.example, *.xn--bcher-kva.example",
  })
  void normalisesWildcards(String raw, String value) {
    assertThat(HostName.pattern(raw)).contains(new HostName(value));
    assertThat(HostName.pattern(raw).orElseThrow().isWildcard()).isTrue();
    assertThat(HostName.exact(raw)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "bücher.example, xn--bcher-kva.example",
    "BÜCHER.example., xn--bcher-kva.example",
    "例え。テスト, xn--r8jz45g.xn--zckzah",
  })
  void nationalCharactersAreForConfigurationOnly(String raw, String value) {
    assertThat(HostName.pattern(raw)).contains(new HostName(value));
    assertThat(HostName.exact(raw)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "..",
        "a..b",
        ".a",
        "a..",
        "a b",
        "a:1",
        "a/b",
        "a*",
        "*",
        "*.",
        "*a.b",
        "a.*",
        "*.*.b",
        "*..a",
        "a\u0000",
        "a\n",
        "[",
        "[]",
        "[::1",
        "[x]",
        "[::1]x",
        "a,b",
        "a@b",
        "\u3002",
        "\ud800.a",
        "ü*"
      })
  void refusesWhatNoHostIs(String raw) {
    assertThat(HostName.exact(raw)).isEmpty();
    assertThat(HostName.pattern(raw)).isEmpty();
  }

  @Test
  void boundsLengths() {
    assertThat(HostName.exact(LABEL_63)).isPresent();
    assertThat(HostName.exact(LABEL_63 + "a")).isEmpty();
    assertThat(HostName.exact("b." + LABEL_63 + "a.c")).isEmpty();
    assertThat(HostName.exact(NAME_253)).isPresent();
    assertThat(HostName.exact(NAME_253 + ".")).isPresent();
    assertThat(HostName.exact(NAME_253 + "a")).isEmpty();
    assertThat(HostName.pattern("ü".repeat(300))).isEmpty();
    assertThat(HostName.pattern("ü".repeat(64) + ".a")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Example.com, example.com",
    "example.com:443, example.com",
    "example.com.:443, example.com",
    "example.com:, example.com",
    "[::1]:443, [::1]",
    "[::1], [::1]",
    "10.0.0.1:80, 10.0.0.1",
  })
  void authority(String raw, String value) {
    assertThat(HostName.ofAuthority(raw)).contains(new HostName(value));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ":80", "a:b", "a:123456", "a:-1", "a:1:2", "::1", "*.a:1", "[::1]x:1"})
  void refusesBadAuthorities(String raw) {
    assertThat(HostName.ofAuthority(raw)).isEmpty();
  }
}
