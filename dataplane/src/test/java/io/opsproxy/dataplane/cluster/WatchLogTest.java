package io.opsproxy.dataplane.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.opsproxy.dataplane.config.value.HostPort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class WatchLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(WatchLog.class);
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();
  private final WatchLog log = new WatchLog("web", 1, 0);
  private final Endpoint endpoint = new Endpoint(new HostPort("127.0.0.1", 1), 1);
  private final HealthState state = new HealthState(null);

  @BeforeEach
  void listen() {
    said.start();
    logger.addAppender(said);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(said);
  }

  private void unhealthy(String why, boolean turned) {
    state.record(CheckResult.Kind.UNHEALTHY);
    log.checked(endpoint, state, new CheckResult(CheckResult.Kind.UNHEALTHY, why), false, turned);
  }

  /** What is wrong is written anew by each check. */
  private static String built(String words) {
    return new String(words.toCharArray());
  }

  @Test
  void anEndpointThatStaysUnhealthyIsNoNews() {
    unhealthy(built("answered 503"), true);
    for (int i = 0; i < 10; i++) {
      unhealthy(built("answered 503"), false);
    }
    assertThat(said.list).extracting(ILoggingEvent::getFormattedMessage).hasSize(1);
    unhealthy(built("answered 500"), false);
    assertThat(said.list).hasSize(2);
    assertThat(said.list.get(1).getFormattedMessage())
        .isEqualTo("service web endpoint 127.0.0.1:1 is still unhealthy, now: answered 500");
  }
}
