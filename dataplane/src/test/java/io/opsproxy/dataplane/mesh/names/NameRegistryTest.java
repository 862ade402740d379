package io.opsproxy.dataplane.mesh.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.route.NameTable;
import io.opsproxy.dataplane.telemetry.Metrics;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NameRegistryTest {
  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  private long now = 1;
  private long cost;
  private final Metrics metrics = new Metrics("test", "test", "test", "0");
  private final List<HostName> gone = new ArrayList<>();
  private final List<NameTable<OwnedName<Anybody>>> tables = new ArrayList<>();
  private final List<Long> timers = new ArrayList<>();
  private Runnable due;
  private final NameRegistry<Anybody, OwnedName<Anybody>> registry =
      new NameRegistry<>(
          new NameRegistry.Surroundings<>() {
            @Override
            public NameMetrics metrics(HostName name) {
              return metrics.name(name.value());
            }

            @Override
            public OwnedName<Anybody> target(OwnedName<Anybody> name) {
              return name;
            }

            @Override
            public void gone(HostName name) {
              gone.add(name);
            }
          },
          table -> {
            now += cost;
            tables.add(table);
          },
          (nanos, task) -> {
            assertThat(due).as("one timer at a time").isNull();
            timers.add(nanos);
            due = task;
          },
          () -> now);

  private record Anybody(String label) implements Owner {
    @Override
    public Origin origin() {
      return Origin.accepted(new InetSocketAddress("127.0.0.1", 1));
    }

    @Override
    public Optional<Introduction> introduction() {
      return Optional.empty();
    }

    @Override
    public Instant since() {
      return Instant.EPOCH;
    }

    @Override
    public boolean isUsable() {
      return true;
    }

    @Override
    public Standing standing() {
      return new Standing(() -> 0);
    }
  }

  private final Anybody a = new Anybody("a");
  private final Anybody b = new Anybody("b");
  private int inForce;

  private static HostName name(String name) {
    return HostName.exact(name).orElseThrow();
  }

  private void serves(Anybody owner, String... names) {
    registry.advertise(
        owner,
        List.of(names).stream().map(name -> Advertisement.direct(name(name), owner)).toList(),
        () -> inForce++);
  }

  private void elapse() {
    Runnable task = due;
    due = null;
    now += timers.get(timers.size() - 1);
    task.run();
  }

  private static Set<String> ownersOf(NameTable<OwnedName<Anybody>> table, String name) {
    return table.get(name(name)).stream()
        .flatMap(owned -> owned.advertisements().stream())
        .map(one -> one.owner().label())
        .collect(Collectors.toSet());
  }

  @Test
  void buildsOneTableOfHoweverManyChanges() {
    for (int i = 0; i < 4_000; i++) {
      serves(a, "web", "name-" + i);
      serves(b, "web");
      serves(b);
    }
    serves(b, "web");
    assertThat(tables).isEmpty();
    elapse();
    assertThat(tables).hasSize(1);
    assertThat(ownersOf(tables.get(0), "web")).containsExactlyInAnyOrder("a", "b");
    assertThat(tables.get(0).names()).containsExactlyInAnyOrder(name("web"), name("name-3999"));
    assertThat(inForce).as("all were told").isEqualTo(12_001);
    assertThat(due).isNull();
  }

  @Test
  void buildsTheFirstAtOnceAndTheNextTenMillisecondsLater() {
    serves(a, "web");
    elapse();
    now += 3 * MILLISECOND;
    serves(a);
    elapse();
    now += 30 * MILLISECOND;
    serves(a, "web");
    assertThat(timers).containsExactly(0L, 7 * MILLISECOND, 0L);
  }

  @Test
  void restsFourTimesAsLongAsATableTook() {
    cost = 20 * MILLISECOND;
    serves(a, "web");
    elapse();
    serves(a);
    assertThat(timers).containsExactly(0L, 80 * MILLISECOND);
  }

  @Test
  void forgetsANameWithItsLastOwner() {
    serves(a, "web", "api");
    serves(b, "web");
    elapse();
    serves(a);
    elapse();
    assertThat(gone).containsExactly(name("api"));
    serves(b);
    elapse();
    assertThat(gone).containsExactly(name("api"), name("web"));
    assertThat(tables.get(2).names()).isEmpty();
  }
}
