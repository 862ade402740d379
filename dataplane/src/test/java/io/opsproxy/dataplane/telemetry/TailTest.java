package io.opsproxy.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TailTest {
  private long now = 1;
  private final Tail tail = new Tail(() -> now);

  private static Tail.Snapshot connection(String name) {
    return new Tail.Snapshot("id", name, name, "client", "upstream", 1, 2, 3, "", "");
  }

  @Test
  void nothingIsKeptWhileNobodyLooksOn() {
    assertThat(tail.isFollowed()).isFalse();
    tail.begin();
    assertThat(tail.isFollowed()).isTrue();
    tail.opened(Instant.EPOCH, connection("web"));
    now += TimeUnit.SECONDS.toNanos(11);
    assertThat(tail.isFollowed()).isFalse();
    assertThat(tail.read(1, "").events()).isEmpty();
  }

  @Test
  void whoComesTooLateIsToldHowManyItHasMissed() {
    tail.begin();
    for (int i = 0; i < Tail.MOST + 5; i++) {
      tail.opened(Instant.EPOCH, connection("web"));
    }
    Tail.Excerpt excerpt = tail.read(1, "");
    assertThat(excerpt.lost()).isEqualTo(5);
    assertThat(excerpt.events()).hasSize(Tail.MOST);
    assertThat(excerpt.next()).isEqualTo(Tail.MOST + 6);
    assertThat(tail.read(excerpt.next(), ""))
        .isEqualTo(new Tail.Excerpt(Tail.MOST + 6, 0, List.of()));
  }

  @Test
  void oneNameAlone() {
    tail.begin();
    tail.opened(Instant.EPOCH, connection("web"));
    tail.closed(Instant.EPOCH, connection("api"));
    assertThat(tail.read(1, "api").events()).singleElement().matches(event -> !event.open());
    assertThat(tail.read(1, "").events()).hasSize(2);
  }
}
