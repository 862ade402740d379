package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.opsproxy.dataplane.config.value.HostPort;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What RING_HASH and MAGLEV promise. */
class SourceHashTest {
  private static final int CLIENTS = 20_000;

  private static List<Endpoint> endpoints(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Endpoint(new HostPort("10.0.0." + i, 6443), 1))
        .toList();
  }

  /** Addresses as they are in one network: neighbours. */
  private static long client(int number) {
    try {
      return SourceHash.key(
          InetAddress.getByAddress(
              new byte[] {10, 1, (byte) (number >> 8), (byte) (number & 0xff)}));
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  private static Endpoint pick(List<Endpoint> endpoints, int client) {
    return new SourceHash(endpoints).pick(client(client), Set.of());
  }

  private static int[] counts(List<Endpoint> endpoints) {
    SourceHash balancer = new SourceHash(endpoints);
    int[] counts = new int[endpoints.size()];
    for (int i = 0; i < CLIENTS; i++) {
      counts[endpoints.indexOf(balancer.pick(client(i), Set.of()))]++;
    }
    return counts;
  }

  @Test
  void aClientStaysWhateverTheOrderOfTheEndpoints() {
    List<Endpoint> endpoints = endpoints(10);
    List<Endpoint> turned = new ArrayList<>(endpoints.subList(4, 10));
    turned.addAll(endpoints.subList(0, 4));
    for (int i = 0; i < 1000; i++) {
      assertThat(pick(turned, i)).isSameAs(pick(endpoints, i));
    }
  }

  @Test
  void neighboursAreSpreadEvenly() {
    for (int count : counts(endpoints(10))) {
      assertThat(count).isCloseTo(CLIENTS / 10, within(CLIENTS / 100));
    }
  }

  @Test
  void anEndpointThatLeavesMovesItsOwnClientsAlone() {
    List<Endpoint> endpoints = endpoints(10);
    Endpoint gone = endpoints.get(3);
    List<Endpoint> left = endpoints.stream().filter(e -> e != gone).toList();
    SourceHash before = new SourceHash(endpoints);
    SourceHash after = new SourceHash(left);
    int moved = 0;
    for (int i = 0; i < CLIENTS; i++) {
      Endpoint was = before.pick(client(i), Set.of());
      if (was == gone) {
        moved++;
      } else {
        assertThat(after.pick(client(i), Set.of())).isSameAs(was);
      }
    }
    assertThat(moved).isCloseTo(CLIENTS / 10, within(CLIENTS / 100));
  }

  @Test
  void sharesFollowWeights() {
    List<Endpoint> endpoints =
        List.of(
            new Endpoint(new HostPort("a", 1), 3),
            new Endpoint(new HostPort("b", 1), 1),
            new Endpoint(new HostPort("c", 1), 4));
    int[] counts = counts(endpoints);
    assertThat(counts[0]).isCloseTo(CLIENTS * 3 / 8, within(CLIENTS / 50));
    assertThat(counts[1]).isCloseTo(CLIENTS / 8, within(CLIENTS / 50));
    assertThat(counts[2]).isCloseTo(CLIENTS / 2, within(CLIENTS / 50));
  }

  /** The clients of a dead endpoint go where they will go once checks have found it out. */
  @Test
  void theNextToTryIsTheOneThatWouldBeChosenWithoutTheFirst() {
    List<Endpoint> endpoints = endpoints(5);
    for (int i = 0; i < 1000; i++) {
      Endpoint first = pick(endpoints, i);
      Endpoint next = new SourceHash(endpoints).pick(client(i), List.of(first));
      assertThat(next).isSameAs(pick(endpoints.stream().filter(e -> e != first).toList(), i));
    }
  }
}
