package io.opsproxy.dataplane.config.value;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.BindException;
import org.junit.jupiter.api.Test;

/** Each cause for which an address cannot be listened on has its own way out. */
class BindProblemTest {
  private static BindProblem of(String address, Throwable cause) {
    return BindProblem.of(BindAddress.parse(address), "peer.bind_addr", cause);
  }

  @Test
  void aPortThatThisUserMayNotHave() {
    BindProblem problem = of("127.0.0.1:443", new BindException("Permission denied"));
    assertThat(problem.message()).isEqualTo("cannot listen on 127.0.0.1:443: Permission denied");
    assertThat(problem.remedy())
        .contains("port from 1024 with peer.bind_addr", "CAP_NET_BIND_SERVICE", "port_start=443");
  }

  @Test
  void aPortThatIsTaken() {
    BindProblem problem = of("127.0.0.1:6443", new BindException("Address already in use"));
    assertThat(problem.remedy()).contains("ss -ltnp 'sport = :6443'", "peer.bind_addr");
  }

  @Test
  void anAddressOfAnotherMachine() {
    BindProblem problem =
        of("192.0.2.1:6443", new BindException("Cannot assign requested address"));
    assertThat(problem.remedy()).startsWith("this machine has no such address");
  }

  @Test
  void theCauseIsTheInnermostOne() {
    Throwable wrapped = new IOException("bind failed", new BindException("Permission denied"));
    assertThat(of("127.0.0.1:80", wrapped).message()).endsWith(": Permission denied");
  }

  @Test
  void aCauseThatNobodyKnowsIsPassedOn() {
    BindProblem problem = of("127.0.0.1:6443", new IllegalStateException());
    assertThat(problem.message()).contains("IllegalStateException");
    assertThat(problem.remedy()).contains("peer.bind_addr");
  }
}
