package io.opsproxy.dataplane.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NameTableTest {
  private static NameTable<String> table(String... rules) {
    Map<HostName, String> targets =
        Arrays.stream(rules)
            .collect(
                Collectors.toMap(
                    rule -> HostName.pattern(rule).orElseThrow(), Function.identity()));
    return new NameTable<>(targets);
  }

  private static String find(NameTable<String> table, String name) {
    return table.find(HostName.exact(name).orElseThrow()).map(NameTable.Match::target).orElse("-");
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.com, a.example.com",
    "A.Example.COM., a.example.com",
    "b.example.com, *.example.com",
    "x.b.example.com, *.b.example.com",
    "y.x.b.example.com, *.b.example.com",
    "x.a.example.com, *.example.com",
    "example.com, -",
    "xexample.com, -",
    "a.example.org, -",
    "redis, redis",
    "com, -"
  })
  void exactBeatsLongestWildcard(String name, String rule) {
    NameTable<String> table = table("a.example.com", "*.example.com", "*.b.example.com", "redis");
    assertThat(find(table, name)).isEqualTo(rule);
  }

  @Test
  void aWildcardIsNoName() {
    NameTable<String> table = table("*.example.com");
    assertThat(table.get(HostName.pattern("*.example.com").orElseThrow()))
        .contains("*.example.com");
    assertThat(table.get(HostName.exact("a.example.com").orElseThrow())).isEmpty();
  }

  @Test
  void localWinsOverRemoteEvenByWildcard() {
    RouteTable<String> routes =
        new RouteTable<>(table("*.example.com", "own"), table("a.example.com", "own", "far"));
    HostName name = HostName.exact("a.example.com").orElseThrow();
    assertThat(routes.find(name).map(NameTable.Match::rule).map(HostName::value))
        .contains("*.example.com");
    assertThat(routes.find(HostName.exact("far").orElseThrow())).isPresent();
    assertThat(routes.names()).hasSize(4);
  }
}
