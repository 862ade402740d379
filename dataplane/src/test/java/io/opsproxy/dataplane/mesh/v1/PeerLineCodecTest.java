package io.opsproxy.dataplane.mesh.v1;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.Offer.Item;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerLineCodecTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final Introduction VM = new Introduction("vm", HostPort.parse("127.0.0.1:26443"));

  static Stream<Arguments> registrations() {
    return Stream.of(
        registration(
            "as documented",
            "web:127.0.0.1:8081,example.com:6443",
            null,
            item("web", "127.0.0.1:8081"),
            item("example.com", "example.com:6443")),
        registration(
            "as the Go peers send it",
            "vm:127.0.0.1:26443:web:127.0.0.1:8081,example.com:example.com:6443",
            VM,
            item("web", "127.0.0.1:8081"),
            item("example.com", "example.com:6443")),
        registration(
            "prefix and an item of two fields",
            "vm:127.0.0.1:26443:example.com:6443",
            VM,
            item("example.com", "example.com:6443")),
        registration(
            "one item of two fields",
            "example.com:6443",
            null,
            item("example.com", "example.com:6443")),
        registration(
            "IPv6 in a documented item", "web:[::1]:8081", null, item("web", "[::1]:8081")),
        registration(
            "IPv6 in prefix and item",
            "vm:[2001:db8::1]:6443:web:[::1]:8081,api:[::2]:80",
            new Introduction("vm", HostPort.parse("[2001:db8::1]:6443")),
            item("web", "[::1]:8081"),
            item("api", "[::2]:80")),
        registration("prefix alone", "vm:127.0.0.1:26443:", VM),
        registration(
            "a wildcard",
            "*.example.com:127.0.0.1:80",
            null,
            item("*.example.com", "127.0.0.1:80")),
        registration(
            "names are normalised",
            "WEB.Example.COM.:10.0.0.1:80",
            null,
            item("web.example.com", "10.0.0.1:80")),
        registration(
            "empty items and white space",
            "web:127.0.0.1:8081, ,api:127.0.0.1:8082,",
            null,
            item("web", "127.0.0.1:8081"),
            item("api", "127.0.0.1:8082")));
  }

  private static Item item(String name, String backend) {
    return new Item(HostName.pattern(name).orElseThrow(), HostPort.parse(backend));
  }

  private static Arguments registration(
      String what, String rest, Introduction sender, Item... items) {
    return Arguments.of(what, rest, Optional.ofNullable(sender), List.of(items));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("registrations")
  void readsNamesInBothForms(
      String what, String rest, Optional<Introduction> sender, List<Item> items) {
    assertThat(PeerLineCodec.parse("REGISTER:" + rest))
        .isEqualTo(new PeerLine.Register(sender, items, 0));
    assertThat(PeerLineCodec.parse("SYNC:" + rest)).isEqualTo(new PeerLine.Sync(sender, items, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "web:127.0.0.1:8081,bad name:127.0.0.1:1|1",
        "web:127.0.0.1:8081,a:b:c:d|1",
        "web:127.0.0.1:8081,api:127.0.0.1:0,api:127.0.0.1:65536|2",
        "web:127.0.0.1:8081,api:127.0.0.1:x|1",
        "web:127.0.0.1:8081,api:::1:80|1",
        "web:127.0.0.1:8081,*.*.x:127.0.0.1:1|1",
      })
  void skipsItemsThatCannotBeReadAndKeepsTheOthers(String rest, int skipped) {
    assertThat(PeerLineCodec.parse("REGISTER:" + rest))
        .isEqualTo(
            new PeerLine.Register(
                Optional.empty(), List.of(item("web", "127.0.0.1:8081")), skipped));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "REGISTER", // what no dialect knows
        "REGISTER:",
        "REGISTER:web",
        "REGISTER:a:b:c:d",
        "REGISTER:a:b:c:d:e:f:g",
        "REGISTER:vm:127.0.0.1:port:web:127.0.0.1:80",
        "REGISTER:vm::6443:web:127.0.0.1:80",
        "SYNC:",
        "SYNC:web",
        "OK",
        "OK:",
        "OK:-1",
        "OK:1x",
        "OK:12345678901",
        "OK:٣",
        "FORWARD",
        "FORWARD:",
        "FORWARD:id",
        "FORWARD:id:",
        "FORWARD::web:127.0.0.1:80",
        "FORWARD:i d:web:127.0.0.1:80",
        "FORWARD:id:web:127.0.0.1:0",
        "FORWARD:id:web:nowhere",
        "DATA",
        "DATA:",
        "DATA:a:b",
        "DATA:a b",
        "register:web:127.0.0.1:80",
        "GET / HTTP/1.1",
        "",
        ":",
      })
  void namesWhatItCannotRead(String line) {
    assertThat(PeerLineCodec.parse(line)).isInstanceOf(PeerLine.Unreadable.class);
  }

  @Test
  void readsTheOtherLines() {
    HostName web = HostName.exact("web").orElseThrow();
    Optional<HostPort> backend = Optional.of(HostPort.parse("127.0.0.1:8081"));
    assertThat(PeerLineCodec.parse("OK:2")).isEqualTo(new PeerLine.Ok(2));
    assertThat(PeerLineCodec.parse("OK:0")).isEqualTo(new PeerLine.Ok(0));
    assertThat(PeerLineCodec.parse("ERROR:Invalid registration"))
        .isEqualTo(new PeerLine.Refused("Invalid registration"));
    assertThat(PeerLineCodec.parse("ERROR:" + ID + ":backend_dial_error"))
        .isEqualTo(new PeerLine.ForwardFailed(ID, "backend_dial_error"));
    assertThat(PeerLineCodec.parse("ERROR:" + ID)).isEqualTo(new PeerLine.ForwardFailed(ID, ""));
    assertThat(PeerLineCodec.parse("ERROR:00000042:x"))
        .isEqualTo(new PeerLine.Refused("00000042:x"));
    assertThat(PeerLineCodec.parse("FORWARD:00000042:web:127.0.0.1:8081"))
        .isEqualTo(new PeerLine.Forward("00000042", web, backend));
    assertThat(PeerLineCodec.parse("FORWARD:00000042:WEB:[::1]:8081"))
        .isEqualTo(
            new PeerLine.Forward("00000042", web, Optional.of(HostPort.parse("[::1]:8081"))));
    assertThat(PeerLineCodec.parse("FORWARD:00000042:web"))
        .isEqualTo(new PeerLine.Forward("00000042", web, Optional.empty()));
    assertThat(PeerLineCodec.parse("FORWARD:00000042:web:"))
        .isEqualTo(new PeerLine.Forward("00000042", web, Optional.empty()));
    assertThat(PeerLineCodec.parse("DATA:00000042")).isEqualTo(new PeerLine.Data("00000042"));
    assertThat(PeerLineCodec.parse("DATA:" + ID)).isEqualTo(new PeerLine.Data(ID));
  }

  @Test
  void writesWhatTheGoPeersSend() {
    List<Item> items =
        List.of(item("web", "127.0.0.1:8081"), item("example.com", "example.com:6443"));
    assertThat(PeerLineCodec.register(VM, items))
        .containsExactly(
            "REGISTER:vm:127.0.0.1:26443:web:127.0.0.1:8081,example.com:example.com:6443\n");
    assertThat(PeerLineCodec.sync(VM, items))
        .isEqualTo("SYNC:vm:127.0.0.1:26443:web:127.0.0.1:8081,example.com:example.com:6443\n");
    assertThat(PeerLineCodec.register(VM, List.of()))
        .containsExactly("REGISTER:vm:127.0.0.1:26443:\n");
    assertThat(PeerLineCodec.ok(2)).isEqualTo("OK:2\n");
    assertThat(PeerLineCodec.refused("No valid registrations"))
        .isEqualTo("ERROR:No valid registrations\n");
    assertThat(PeerLineCodec.forward("00000042", items.get(0).name(), items.get(0).backend()))
        .isEqualTo("FORWARD:00000042:web:127.0.0.1:8081\n");
    assertThat(PeerLineCodec.data("00000042")).isEqualTo("DATA:00000042\n");
  }

  @Test
  void readsBackWhatItWrites() {
    Introduction sender = new Introduction("vm", HostPort.parse("[2001:db8::1]:26443"));
    List<Item> items = List.of(item("*.example.com", "[::1]:8081"), item("api", "host.internal:1"));
    assertThat(parsed(PeerLineCodec.register(sender, items).get(0)))
        .isEqualTo(new PeerLine.Register(Optional.of(sender), items, 0));
    assertThat(parsed(PeerLineCodec.sync(sender, items)))
        .isEqualTo(new PeerLine.Sync(Optional.of(sender), items, 0));
    assertThat(parsed(PeerLineCodec.forward(ID, items.get(0).name(), items.get(0).backend())))
        .isEqualTo(
            new PeerLine.Forward(ID, items.get(0).name(), Optional.of(items.get(0).backend())));
    assertThat(parsed(PeerLineCodec.forwardFailed(ID, "a: b")))
        .isEqualTo(new PeerLine.ForwardFailed(ID, "a: b"));
  }

  private static PeerLine parsed(String line) {
    assertThat(line).endsWith("\n");
    return PeerLineCodec.parse(line.substring(0, line.length() - 1));
  }

  @Test
  void splitsALongRegistrationIntoLinesThatEveryPeerTakes() {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      items.add(
          item(
              "service-" + i + "." + "x".repeat(60) + ".example.com",
              "host-" + i + ".internal:65535"));
    }
    List<String> lines = PeerLineCodec.register(VM, items);
    assertThat(lines).hasSizeGreaterThan(5);
    List<Item> read = new ArrayList<>();
    for (String line : lines) {
      assertThat(line.length()).isLessThanOrEqualTo(PeerLineCodec.MAX_LINE);
      PeerLine.Register register = (PeerLine.Register) parsed(line);
      assertThat(register.sender()).contains(VM);
      assertThat(register.skipped()).isZero();
      read.addAll(register.items());
    }
    assertThat(read).isEqualTo(items);
  }
}
