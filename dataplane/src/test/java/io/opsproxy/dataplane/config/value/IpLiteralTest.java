package io.opsproxy.dataplane.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpLiteralTest {
  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "255.255.255.255", "10.0.0.1", "1.20.200.0"})
  void addressesOfIpv4(String text) {
    assertThat(IpLiteral.parse4(text)).isEqualTo(NetUtil.createByteArrayFromIpAddressString(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "...",
        "1.2.3",
        "1.2.3.4.",
        ".1.2.3.4",
        "1.2.3.4.5",
        "1..2.3",
        "256.0.0.1",
        "01.2.3.4",
        "1.2.3.00",
        "1.2.3.-4",
        "1.2.3.4 ",
        "0x1.2.3.4",
        "1.2.3.a",
        "127.1",
        "2130706433",
        "::1",
        "1.2.3.\u0664",
      })
  void otherTextIsNoIpv4Address(String text) {
    assertThat(IpLiteral.parse4(text)).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::",
        "::1",
        "1::",
        "1:2:3:4:5:6:7:8",
        "2001:DB8::a:0",
        "1::8",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7::",
        "1:2:3:4::6:7:8",
        "0001::",
        "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
      })
  void addressesOfIpv6(String text) {
    assertThat(IpLiteral.parse6(text)).isEqualTo(NetUtil.createByteArrayFromIpAddressString(text));
  }

  @ParameterizedTest
  @CsvSource({
    "::ffff:1.2.3.4, ::ffff:102:304",
    "::1.2.3.4, ::102:304",
    "1:2:3:4:5:6:1.2.3.4, 1:2:3:4:5:6:102:304",
    "1::5:6:1.2.3.4, 1::5:6:102:304",
    "1:2:3:4:5::255.0.0.1, 1:2:3:4:5::ff00:1",
  })
  void ipv6MayEndAsIpv4(String text, String same) {
    assertThat(IpLiteral.parse6(text)).isNotNull().isEqualTo(IpLiteral.parse6(same));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":",
        ":::",
        "1",
        "1:",
        ":1",
        "1:2",
        "1:::2",
        "1::2::3",
        "::1:",
        "1:2:3:4:5:6:7",
        "12345::",
        "1:2:3:4:5:6:7:8:9",
        "::1:2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8::",
        "g::",
        "::%1",
        "[::1]",
        "::1 ",
        "1.2.3.4",
        "1.2.3.4::",
        "::1.2.3",
        "::1.2.3.4:5",
        "::1.2.3.4.5",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:1.2.3.4",
        "::2:3:4:5:6:7:1.2.3.4",
        "::1.2.3.04",
        "::\u0661",
        "1.2::3.4.5.6",
      })
  void otherTextIsNoIpv6Address(String text) {
    assertThat(IpLiteral.parse6(text)).isNull();
  }

  @Test
  void whatTheJdkWritesIsRead() throws Exception {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      byte[] address = new byte[16];
      random.nextBytes(address);
      for (int zero = random.nextInt(17); zero < 16; zero++) {
        address[zero] = 0;
      }
      Inet6Address jdk = Inet6Address.getByAddress(null, address, -1);
      assertThat(IpLiteral.parse6(jdk.getHostAddress())).isEqualTo(address);
      assertThat(IpLiteral.parse6(NetUtil.toAddressString(jdk))).isEqualTo(address);
    }
  }
}
