package io.opsproxy.api.schema;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "::",
        "::1",
        "FD00::1",
        "64:ff9b::1.2.3.4"
      })
  void anAddressIsOne(String text) {
    assertThat(Addresses.isIp(text)).isTrue();
    assertThat(Addresses.isCidr(text)).isFalse();
    assertThat(Addresses.isCidr(text + "/0")).isTrue();
    assertThat(Addresses.isCidr(text + (text.contains(":") ? "/128" : "/32"))).isTrue();
    assertThat(Addresses.isCidr(text + (text.contains(":") ? "/129" : "/33"))).isFalse();
    assertThat(Addresses.isCidr(text + "/08")).isFalse();
    assertThat(Addresses.isCidr(text + "/")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a",
        "10.0.0",
        "10.0.0.256",
        "10.0.0.01",
        "1.2.3.4.5",
        "dead.beef",
        "::ffff:1.2.3.4",
        "fe80::1%eth0",
        "[::1]",
        "1::2::3",
        ":",
        "12345::",
        "64:ff9b::1.2.03.4",
        "::0ff9b",
        "1:2:3:4:5:6:7:8:9",
        " ::1"
      })
  void anythingElseIsNone(String text) {
    assertThat(Addresses.isIp(text)).isFalse();
    assertThat(Addresses.isCidr(text + "/8")).isFalse();
  }
}
