package io.opsproxy.dataplane.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** HostPort, BindAddress, Cidr, ConnectRule and what is below them. */
class AddressesTest {
  @ParameterizedTest
  @CsvSource({
    "a:1, a, 1, a:1",
    "A.Example:65535, a.example, 65535, a.example:65535",
    "svc.cluster.local.:80, svc.cluster.local., 80, svc.cluster.local.:80",
    "10.0.0.1:6443, 10.0.0.1, 6443, 10.0.0.1:6443",
    "[::1]:6443, ::1, 6443, [::1]:6443",
    "[FD00::1]:1, fd00::1, 1, [fd00::1]:1",
    "[fe80::1%eth0]:1, fe80::1%eth0, 1, [fe80::1%eth0]:1",
    "[::ffff:10.0.0.1]:1, ::ffff:10.0.0.1, 1, [::ffff:10.0.0.1]:1",
    "bücher.example:1, xn--bcher-kva.example, 1, xn--bcher-kva.example:1",
    "a:080, a, 80, a:80",
  })
  void hostPort(String text, String host, int port, String shown) {
    assertThat(HostPort.parse(text)).isEqualTo(new HostPort(host, port)).hasToString(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "'', expected host:port",
    "a, expected host:port",
    "a:, port must be 1-65535",
    "a:0, port must be 1-65535",
    "a:65536, port must be 1-65535",
    "a:-1, port must be 1-65535",
    "a:000001, port must be 1-65535",
    "a:１, port must be 1-65535",
    ":80, the host is missing",
    "::1:80, 'an IPv6 address needs brackets, as in [::1]:6443'",
    "[a]:80, '\"[a]\" is not an IPv6 address in brackets'",
    "[]:80, '\"[]\" is not an IPv6 address in brackets'",
    "[10.0.0.1]:80, '\"[10.0.0.1]\" is not an IPv6 address in brackets'",
    "10.0.0.256:80, '\"10.0.0.256\" is not an IPv4 address'",
    "10.0.1:80, '\"10.0.1\" is not an IPv4 address'",
    "a b:80, the host is too long or has characters that no host has",
    "http://a:80, 'an IPv6 address needs brackets, as in [::1]:6443'",
    "a/b:80, the host is too long or has characters that no host has",
  })
  void badHostPort(String text, String message) {
    assertThatThrownBy(() -> HostPort.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("\"" + text + "\": " + message);
  }

  @ParameterizedTest
  @CsvSource({
    ":6443, '', 6443, false, true",
    "0.0.0.0:6443, 0.0.0.0, 6443, false, true",
    "[::]:6443, ::, 6443, false, true",
    "127.0.0.1:0, 127.0.0.1, 0, true, false",
    "127.9.9.9:1, 127.9.9.9, 1, true, false",
    "[::1]:1, ::1, 1, true, false",
    "[0:0:0:0:0:0:0:1]:1, 0:0:0:0:0:0:0:1, 1, true, false",
    "[::ffff:127.0.0.1]:1, ::ffff:127.0.0.1, 1, true, false",
    "localhost:1, localhost, 1, true, false",
    "127.example:1, 127.example, 1, false, false",
    "192.0.2.1:1, 192.0.2.1, 1, false, false",
  })
  void bindAddress(String text, String host, int port, boolean loopback, boolean wildcard) {
    BindAddress address = BindAddress.parse(text);
    assertThat(address).isEqualTo(new BindAddress(host, port)).hasToString(text);
    assertThat(address.isLoopback()).isEqualTo(loopback);
    assertThat(address.isWildcard()).isEqualTo(wildcard);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "6443", "a", ":65536", ":x", "[::1]"})
  void badBindAddress(String text) {
    assertThatThrownBy(() -> BindAddress.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\": ");
  }

  @Test
  void bindAddressResolves() throws UnknownHostException {
    assertThat(BindAddress.parse("127.0.0.1:7").resolve().getAddress().isLoopbackAddress())
        .isTrue();
    assertThat(BindAddress.parse(":7").resolve().getAddress().isAnyLocalAddress()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    ":1, :1, true",
    ":1, :2, false",
    ":0, :0, false",
    ":1, 127.0.0.1:1, true",
    "[::]:1, 127.0.0.1:1, true",
    "0.0.0.0:1, 127.0.0.1:1, true",
    "0.0.0.0:1, [::1]:1, false",
    "0.0.0.0:1, [::]:1, true",
    "0.0.0.0:1, somewhere:1, true",
    "127.0.0.1:1, 127.0.0.2:1, false",
    "localhost:1, 127.0.0.1:1, true",
    "localhost:1, [::1]:1, true",
    "[::1]:1, [0:0::1]:1, true",
    "[::ffff:127.0.0.1]:1, 127.0.0.1:1, true",
    "a:1, b:1, false",
    "a:1, 10.0.0.1:1, false",
  })
  void overlaps(String a, String b, boolean overlap) {
    assertThat(BindAddress.parse(a).overlaps(BindAddress.parse(b))).isEqualTo(overlap);
    assertThat(BindAddress.parse(b).overlaps(BindAddress.parse(a))).isEqualTo(overlap);
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.9.9.9/8, 10.1.1.1, true",
    "10.0.0.0/9, 10.127.0.1, true",
    "10.0.0.0/9, 10.128.0.1, false",
    "10.0.0.1, 10.0.0.1, true",
    "10.0.0.1, 10.0.0.2, false",
    "0.0.0.0/0, 192.0.2.1, true",
    "0.0.0.0/0, fd00::1, false",
    "::/0, fd00::1, true",
    "::/0, 10.0.0.1, false",
    "fd00::/8, fdff::1, true",
    "fd00::/8, fe00::1, false",
    "::1, ::1, true",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "::ffff:10.0.0.0/104, 11.1.2.3, false",
    "::ffff:10.0.0.1, 10.0.0.1, true",
  })
  void cidr(String range, String address, boolean contained) throws UnknownHostException {
    InetAddress target = InetAddress.getByName(address);
    assertThat(Cidr.parse(range).contains(target)).isEqualTo(contained);
    assertThat(Cidr.anyContains(List.of(Cidr.parse("203.0.113.0/24"), Cidr.parse(range)), target))
        .isEqualTo(contained);
  }

  @Test
  void anIpv4MappedClientIsItsIpv4Address() throws UnknownHostException {
    byte[] mapped = IpLiteral.parse("::ffff:10.1.2.3");
    InetAddress client = java.net.Inet6Address.getByAddress("client", mapped, 0);
    assertThat(client.getAddress()).hasSize(16);
    assertThat(Cidr.parse("10.0.0.0/8").contains(client)).isTrue();
  }

  @Test
  void equalRangesAreEqual() {
    assertThat(Cidr.parse("10.1.2.3/8"))
        .isEqualTo(Cidr.parse("10.0.0.0/8"))
        .hasSameHashCodeAs(Cidr.parse("10.0.0.0/8"))
        .hasToString("10.0.0.0/8")
        .isNotEqualTo(Cidr.parse("10.0.0.0/9"));
    assertThat(Cidr.parse("::ffff:10.0.0.0/104")).isEqualTo(Cidr.parse("10.0.0.0/8"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0/8",
        "10.0.0.0/33",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "::/129",
        "10.0.0.0/1/2",
        "dead.beef.cafe.face",
        "010.0.0.1",
        "10.0.0.0.0",
        "1::2::3",
        ":::",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "1:2:3:4:5:6:7::8:9",
        "12345::",
        "1:",
        ":1",
        "::1.2.3",
        "1.2.3.4::",
        "::1.2.3.4:5",
        "g::",
        "fe80::1%eth0",
        "1:2:3:4:5:6:7:1.2.3.4",
        "localhost"
      })
  void badCidr(String text) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + text + "\": ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "fd00::1:0:2",
        "::ffff:1.2.3.4",
        "1:2:3:4:5:6:1.2.3.4",
        "::1.2.3.4",
        "1.2.3.4",
        "255.255.255.255",
        "0.0.0.0"
      })
  void literalsMeanWhatTheJdkReads(String text) throws UnknownHostException {
    assertThat(IpLiteral.unmap(IpLiteral.parse(text)))
        .isEqualTo(InetAddress.getByName(text).getAddress());
  }

  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8:*, 10.1.1.1, 5, true",
    "10.0.0.0/8:443, 10.1.1.1, 443, true",
    "10.0.0.0/8:443, 10.1.1.1, 80, false",
    "10.0.0.1:443, 10.0.0.1, 443, true",
    "[fd00::/8]:443, fd00::1, 443, true",
    "fd00::/8:443, fd00::1, 443, true",
    "[fd00::1]:*, fd00::1, 1, true",
    "[fd00::1]:*, fd00::2, 1, false",
    "db.internal:443, 10.0.0.1, 443, false",
  })
  void connectRuleForAddresses(String rule, String target, int port, boolean allowed)
      throws UnknownHostException {
    assertThat(ConnectRule.parse(rule).allows(InetAddress.getByName(target), port))
        .isEqualTo(allowed);
  }

  @ParameterizedTest
  @CsvSource({
    "DB.internal.:5432, db.internal, 5432",
    "*.example.com:443, *.example.com, 443",
    "redis:*, redis, 0"
  })
  void connectRuleForNames(String rule, String name, int port) {
    assertThat(ConnectRule.parse(rule).name()).contains(new HostName(name));
    assertThat(ConnectRule.parse(rule).port()).isEqualTo(port);
    assertThat(ConnectRule.parse(rule).range()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "db",
        ":443",
        "db:0",
        "db:99999",
        "db:x",
        "*:443",
        "a b:443",
        "10.0.0.256:443",
        "10.0.0.0/40:443",
        "[db]:443",
        "a.*.b:443",
        "[fd00::1:443"
      })
  void badConnectRule(String rule) {
    assertThatThrownBy(() -> ConnectRule.parse(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("\"" + rule + "\": ");
  }
}
