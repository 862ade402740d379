package io.opsproxy.dataplane.mesh.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Introduction;
import io.opsproxy.dataplane.mesh.names.NameRegistry;
import io.opsproxy.dataplane.mesh.names.Origin;
import io.opsproxy.dataplane.mesh.names.OwnedName;
import io.opsproxy.dataplane.mesh.names.Peers;
import io.opsproxy.dataplane.mesh.names.Standing;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class OwnerChoiceTest {
  private static final HostName WEB = HostName.exact("web").orElseThrow();
  private static final String ADDRESS = "10.0.0.1:6443";

  private long now = 1;
  private final Metrics metrics = new Metrics("test", "test", "test", "0");
  private final Peers peers = new Peers();
  private OwnerChoice choice;
  private final NameRegistry<StreamOwner, OwnerChoice> registry =
      new NameRegistry<>(
          new NameRegistry.Surroundings<>() {
            @Override
            public NameMetrics metrics(HostName name) {
              return metrics.name(name.value());
            }

            @Override
            public OwnerChoice target(OwnedName<StreamOwner> name) {
              choice = new OwnerChoice(name, peers);
              return choice;
            }

            @Override
            public void gone(HostName name) {}
          },
          table -> {},
          (nanos, task) -> task.run(),
          () -> now);

  private final class Linked implements StreamOwner {
    private final String what;
    private final Origin origin;
    private final Standing standing = new Standing(() -> now);
    private Optional<Introduction> introduction = Optional.empty();
    private boolean usable = true;

    Linked(String what, Origin origin) {
      this.what = what;
      this.origin = origin;
      registry.advertise(this, List.of(Advertisement.direct(WEB, this)), () -> {});
    }

    Linked says(String name, String address) {
      introduction = Optional.of(new Introduction(name, HostPort.parse(address)));
      peers.up(this);
      return this;
    }

    void introduces(String name, String address) {
      introduction = Optional.of(new Introduction(name, HostPort.parse(address)));
      peers.introduced(this);
    }

    void close() {
      registry.advertise(this, List.of(), () -> {});
      peers.gone(this);
    }

    @Override
    public Origin origin() {
      return origin;
    }

    @Override
    public Optional<Introduction> introduction() {
      return introduction;
    }

    @Override
    public String label() {
      return what;
    }

    @Override
    public Instant since() {
      return Instant.EPOCH;
    }

    @Override
    public boolean isUsable() {
      return usable;
    }

    @Override
    public Standing standing() {
      return standing;
    }

    @Override
    public DataSource source() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String describe() {
      return what;
    }
  }

  private Linked dialled(String what, String address) {
    return new Linked(what, Origin.dialled(socket(address), HostPort.parse(address)));
  }

  private Linked accepted(String what, String source) {
    return new Linked(what, Origin.accepted(socket(source)));
  }

  private static InetSocketAddress socket(String address) {
    HostPort parsed = HostPort.parse(address);
    return new InetSocketAddress(parsed.host(), parsed.port());
  }

  private String next(StreamOwner... tried) {
    List<Advertisement<StreamOwner>> before =
        Arrays.stream(tried).map(owner -> Advertisement.direct(WEB, owner)).toList();
    Advertisement<StreamOwner> way = choice.next(before);
    return way == null ? "nobody" : way.owner().label();
  }

  private List<String> next(int times) {
    List<String> chosen = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      chosen.add(next());
    }
    return chosen;
  }

  private void seconds(long seconds) {
    now += TimeUnit.SECONDS.toNanos(seconds);
  }

  @Test
  void asksEachPeerInItsTurnWhateverItCallsItself() {
    accepted("a", "10.0.0.1:1000").says("vm", "10.0.0.1:6443");
    accepted("b", "10.0.0.2:1000").says("vm", "10.0.0.1:6443");
    dialled("c", "10.0.0.3:6443").says("vm", "10.0.0.1:6443");
    assertThat(next(6)).containsExactly("a", "b", "c", "a", "b", "c");
    assertThat(peers.sharedNames()).hasSize(1);
    assertThat(peers.sharedNames().get(0).name()).isEqualTo("vm");
    assertThat(peers.sharedNames().get(0).origins()).hasSize(3);
  }

  @Test
  void aPeerThatSaysNothingOfItselfIsOneOfItsOwn() {
    peers.up(accepted("a", "10.0.0.1:1000"));
    peers.up(accepted("b", "10.0.0.1:1001"));
    assertThat(next(4)).containsExactly("a", "b", "a", "b");
    assertThat(peers.sharedNames()).isEmpty();
  }

  @Test
  void theNewestLinkFromOneAddressWithTheSameWordsIsAskedUntilAnOlderOneIsHeardFrom() {
    Linked old = accepted("old", "10.0.0.1:1000").says("vm", ADDRESS);
    seconds(60);
    accepted("new", "10.0.0.1:1001").says("vm", ADDRESS);
    accepted("other", "10.0.0.2:1000").says("other", "10.0.0.2:6443");
    assertThat(next(4)).containsExactly("new", "other", "new", "other");
    seconds(1);
    old.standing.heard();
    assertThat(next(2)).as("while it is being replaced").doesNotContain("old");
    seconds(30);
    old.standing.heard();
    assertThat(next(8))
        .as("both are alive")
        .containsSubsequence("old", "old")
        .containsSubsequence("new", "new");
  }

  @Test
  void oneThatComesAgainAndAgainTakesNothingFromOneThatIsAlive() {
    Linked old = accepted("old", "10.0.0.1:1000").says("vm", ADDRESS);
    accepted("thief", "10.0.0.1:1001").says("vm", ADDRESS);
    seconds(30);
    old.standing.heard();
    accepted("thief", "10.0.0.1:1002").says("vm", ADDRESS);
    assertThat(next(6)).contains("old");
  }

  @Test
  void whoSaysWhatTheDialledPeerSaysStandsBehindIt() {
    Linked dialled = dialled("dialled", ADDRESS).says("vm", ADDRESS);
    Linked same = accepted("same", "10.0.0.1:1000").says("vm", ADDRESS);
    assertThat(next(3)).containsOnly("dialled");
    assertThat(next(dialled)).as("as a second try").isEqualTo("same");
    dialled.usable = false;
    assertThat(next(2)).containsOnly("same");
    dialled.usable = true;
    dialled.standing.cannotBring();
    assertThat(next(2)).containsOnly("same");
    assertThat(next(same)).isEqualTo("dialled");
    assertThat(peers.sharedNames()).isEmpty();
    dialled.close();
    assertThat(next(2)).containsOnly("same");
  }

  @Test
  void whatIsOnePeerMayTurnOutLater() {
    Linked dialled = dialled("dialled", ADDRESS);
    peers.up(dialled);
    accepted("same", "10.0.0.1:1000").says("vm", ADDRESS);
    assertThat(next(2)).containsExactly("dialled", "same");
    dialled.introduces("vm", ADDRESS);
    assertThat(next(4)).containsOnly("dialled");
  }

  @Test
  void aLinkThatLetARequestTimeOutIsAskedAfterAllOthers() {
    Linked a = accepted("a", "10.0.0.1:1000").says("a", ADDRESS);
    Linked b = accepted("b", "10.0.0.2:1000").says("b", ADDRESS);
    a.standing.timedOut();
    assertThat(next(3)).containsOnly("b");
    assertThat(next(b)).isEqualTo("a");
    assertThat(next(a, b)).isEqualTo("nobody");
    b.standing.timedOut();
    assertThat(next(2)).as("all are").containsExactlyInAnyOrder("a", "b");
    a.standing.heard();
    assertThat(next(2)).containsOnly("a");
  }

  @Test
  void oneEntryWithTwoAddressesThatSayTheSameIsNoReasonToWarn() {
    HostPort entry = HostPort.parse("vm.example.com:6443");
    new Linked("four", Origin.dialled(socket(ADDRESS), entry)).says("vm", ADDRESS);
    new Linked("six", Origin.dialled(socket("[::1]:6443"), entry)).says("vm", ADDRESS);
    assertThat(peers.sharedNames()).isEmpty();
    accepted("stranger", "10.0.0.9:1").says("vm", "10.0.0.9:6443");
    assertThat(peers.sharedNames()).hasSize(1);
  }
}
