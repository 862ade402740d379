package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DescriptorsTest {
  private static final long MIB = 1024 * 1024;

  @Test
  void aReserveIsKeptForOtherThanSockets() {
    Descriptors descriptors = new Descriptors(1000, 100, 1024 * MIB);
    assertThat(descriptors.mostStreams()).isEqualTo(900 - 225 / 2);
    assertThat(descriptors.mostConnections()).isEqualTo((900 - 225) / 2);
    assertThat(new Descriptors(100_000, 0, 1024 * MIB).mostStreams()).isEqualTo(100_000 - 128);
  }

  @Test
  void theHeapBoundsThemToo() {
    Descriptors descriptors = new Descriptors(1_000_000, 50, 64 * MIB);
    assertThat(descriptors.mostStreams()).isEqualTo(16_384);
    assertThat(descriptors.mostConnections()).isEqualTo(8192);
    assertThat(new Descriptors(Integer.MAX_VALUE, 0, 64 * MIB).mostStreams()).isEqualTo(16_384);
  }

  @Test
  void whoIsLetInFindsAPlaceForItsUpstream() {
    Descriptors descriptors = new Descriptors(100, 0, 1024 * MIB);
    int let = 0;
    while (descriptors.takeForAccepted()) {
      let++;
    }
    assertThat(let).isEqualTo(88 - 22);
    for (int i = 0; i < 22; i++) {
      assertThat(descriptors.take()).isTrue();
    }
    assertThat(descriptors.take()).isFalse();
  }

  @Test
  void aPlaceIsTakenAndGivenBack() {
    Descriptors descriptors = new Descriptors(3, 0, 1024 * MIB);
    assertThat(descriptors.mostStreams()).isEqualTo(3);
    assertThat(descriptors.take()).isTrue();
    assertThat(descriptors.take()).isTrue();
    assertThat(descriptors.hasRoom()).isTrue();
    assertThat(descriptors.take()).isTrue();
    assertThat(descriptors.hasRoom()).isFalse();
    assertThat(descriptors.take()).isFalse();
    assertThat(descriptors.open()).isEqualTo(3);
    descriptors.giveBack();
    assertThat(descriptors.take()).isTrue();
  }
}
