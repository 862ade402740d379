package io.opsproxy.operator.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.api.v1alpha1.AddressType;
import io.opsproxy.api.v1alpha1.PeerAddress;
import org.junit.jupiter.api.Test;

final class PeerStatusesTest {
  @Test
  void addressesSayWhatTheyAreAndCanBeDialled() {
    assertThat(PeerStatuses.address("edge.mesh.svc", 6443))
        .isEqualTo(new PeerAddress(AddressType.HOSTNAME, "edge.mesh.svc:6443"));
    assertThat(PeerStatuses.address("192.0.2.1", 443))
        .isEqualTo(new PeerAddress(AddressType.IP_ADDRESS, "192.0.2.1:443"));
    assertThat(PeerStatuses.address("2001:db8::a", 443))
        .isEqualTo(new PeerAddress(AddressType.IP_ADDRESS, "[2001:db8::a]:443"));
  }
}
