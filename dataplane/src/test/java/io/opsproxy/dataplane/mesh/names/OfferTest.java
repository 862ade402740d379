package io.opsproxy.dataplane.mesh.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.names.Offer.Item;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OfferTest {
  private static final Introduction SENDER =
      new Introduction("a", HostPort.parse("127.0.0.1:6443"));

  private static Offer offer(String... items) {
    return new Offer(
        SENDER,
        Arrays.stream(items)
            .map(item -> item.split("=", 2))
            .map(item -> new Item(name(item[0]), HostPort.parse(item[1])))
            .toList());
  }

  private static HostName name(String name) {
    return HostName.pattern(name).orElseThrow();
  }

  private static Optional<String> rule(Offer offer, String name, String backend) {
    return offer.rule(name(name), HostPort.parse(backend)).map(HostName::value);
  }

  @Test
  void allowsANameWithTheBackendThatWasOfferedForItAndNoOther() {
    Offer offer = offer("web=127.0.0.1:81", "api=127.0.0.1:82");
    assertThat(rule(offer, "web", "127.0.0.1:81")).contains("web");
    assertThat(rule(offer, "web", "127.0.0.1:82")).isEmpty();
    assertThat(rule(offer, "web", "127.0.0.2:81")).isEmpty();
    assertThat(rule(offer, "other", "127.0.0.1:81")).isEmpty();
    assertThat(rule(offer.withdrawn(), "web", "127.0.0.1:81")).isEmpty();
  }

  @Test
  void allowsANameBelowAWildcard() {
    Offer offer = offer("*.example.com=127.0.0.1:81", "a.example.com=127.0.0.1:82");
    assertThat(rule(offer, "x.example.com", "127.0.0.1:81")).contains("*.example.com");
    assertThat(rule(offer, "x.y.example.com", "127.0.0.1:81")).contains("*.example.com");
    assertThat(rule(offer, "*.example.com", "127.0.0.1:81")).contains("*.example.com");
    assertThat(rule(offer, "a.example.com", "127.0.0.1:82")).contains("a.example.com");
    assertThat(rule(offer, "example.com", "127.0.0.1:81")).isEmpty();
    assertThat(rule(offer, "xexample.com", "127.0.0.1:81")).isEmpty();
  }

  @Test
  void takesBackOnlyWhenANameIsMissing() {
    Offer both = offer("web=127.0.0.1:81", "api=127.0.0.1:82");
    assertThat(offer("web=127.0.0.1:81").takesBackFrom(both)).isTrue();
    assertThat(both.withdrawn().takesBackFrom(both)).isTrue();
    assertThat(both.takesBackFrom(offer("web=127.0.0.1:81"))).isFalse();
    assertThat(both.takesBackFrom(both)).isFalse();
    assertThat(offer("web=127.0.0.1:99", "api=127.0.0.1:82").takesBackFrom(both))
        .as("another backend of a name replaces the one before")
        .isFalse();
  }
}
