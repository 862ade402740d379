package io.opsproxy.dataplane.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServiceAddressTest {
  @ParameterizedTest
  @CsvSource({
    "mycluster.kubernetes.lb:6443, mycluster.kubernetes.lb, mycluster.kubernetes.lb:6443",
    "myapp:myapp.default.svc.cluster.local:80, myapp, myapp.default.svc.cluster.local:80",
    "redis:127.0.0.1:6379, redis, 127.0.0.1:6379",
    "redis:[::1]:6379, redis, [::1]:6379",
    "[fd00::1]:80, [fd00::1], [fd00::1]:80",
    "web:backend, web, backend:80",
    "web:10.0.0.1, web, 10.0.0.1:80",
    "web:[fd00::1], web, [fd00::1]:80",
    "backend, peer-a, backend:80",
    "[fd00::1], peer-a, [fd00::1]:80",
    "Web.Example.:Back.End.:1, web.example, back.end.:1",
    "*.example.com:gateway:443, *.example.com, gateway:443",
    "bücher.example:443, xn--bcher-kva.example, xn--bcher-kva.example:443",
    "a_b:c:1, a_b, c:1",
  })
  void readsItems(String item, String name, String backend) {
    assertThat(ServiceAddress.parseItem(item, "peer-a"))
        .hasToString("Item[name=" + name + ", backend=" + backend + "]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "web:h:0 | \"web:h:0\": port must be 1-65535",
        "web:h:65536 | \"web:h:65536\": port must be 1-65535",
        "web:99999 | \"web:99999\": port must be 1-65535",
        "web:h:http | \"web:h:http\": port must be 1-65535",
        "web:h: | \"web:h:\": port must be 1-65535",
        "web: | \"web:\": the host is missing",
        ":80 | \":80\": \"\" is not a name to route by",
        "web::80 | \"web::80\": the host is missing",
        "a:b:c:1 | \"a:b:c:1\": expected domain:port or name:host:port",
        "web:::1:80 | \"web:::1:80\": expected domain:port or name:host:port",
        "*.example.com:443 | \"*.example.com:443\": a wildcard needs a backend, as in"
            + " *.example.com:host:port",
        "*:h:1 | \"*:h:1\": \"*\" is not a name to route by",
        "a b:h:1 | \"a b:h:1\": \"a b\" is not a name to route by",
        "web:10.0.0.256:1 | \"web:10.0.0.256:1\": \"10.0.0.256\" is not an IPv4 address",
        "web:[::1:80 | \"web:[::1:80\": \"[::1:80\" is not an IPv6 address in brackets",
      })
  void saysWhatIsWrong(String item, String message) {
    assertThatThrownBy(() -> ServiceAddress.parseItem(item, "peer-a"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "backend", "[::1]"})
  void anItemWithoutAColonNeedsThePeersName(String item) {
    assertThatThrownBy(() -> ServiceAddress.parseItem(item))
        .hasMessage("\"" + item + "\": expected domain:port or name:host:port");
  }

  @Test
  void splitsAtCommasAndToleratesSpace() {
    assertThat(ServiceAddress.split(" a:1 ,, b:2\n,")).containsExactly("a:1", "b:2");
    assertThat(ServiceAddress.split("")).isEmpty();
    assertThat(ServiceAddress.split(" , ")).isEmpty();
  }

  @Test
  void countsABracketedAddressAsOneField() {
    assertThat(ServiceAddress.fields("b:[::1]:1:web:[fd00::2]:80"))
        .containsExactly("b", "[::1]", "1", "web", "[fd00::2]", "80");
    assertThat(ServiceAddress.fields("")).containsExactly("");
  }
}
