package io.opsproxy.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

final class MetricsTest {
  private final Metrics metrics = new Metrics("ns", "n1", "p1", "1.2.3");

  private String line(String prefix) {
    return metrics.scrape().lines().filter(l -> l.startsWith(prefix)).findFirst().orElse("");
  }

  @Test
  void everyMetricCarriesWhereItRuns() {
    metrics.name("web").opened(Protocol.HTTP).succeeded();
    assertThat(metrics.scrape().lines().filter(l -> !l.startsWith("#")))
        .isNotEmpty()
        .allMatch(
            l ->
                l.contains("namespace=\"ns\"")
                    && l.contains("node=\"n1\"")
                    && l.contains("pod=\"p1\""),
            "labels");
  }

  @Test
  void gaugesWithReservedEndingsKeepTheirNames() {
    metrics.bindNames(() -> 3, () -> 2);
    metrics.configInForce("abc");
    assertThat(line("ops_proxy_clients_total{")).endsWith(" 3.0");
    assertThat(line("ops_proxy_clients_connected{")).endsWith(" 2.0");
    assertThat(line("ops_proxy_config_info{")).contains("hash=\"abc\"");
    assertThat(line("ops_proxy_server_info{")).contains("version=\"1.2.3\"");
    assertThat(metrics.scrape()).contains("# TYPE ops_proxy_clients_total gauge");
    metrics.configInForce("def");
    assertThat(metrics.scrape()).doesNotContain("hash=\"abc\"");
  }

  @Test
  void aConnectionIsCountedOnceHoweverOftenItEnds() {
    NameMetrics.ConnectionMeter meter = metrics.name("web").opened(Protocol.HTTPS);
    assertThat(line("ops_proxy_connections_active{client_name=\"web\"")).endsWith(" 1.0");
    meter.progress(10, 20);
    meter.succeeded();
    meter.failed(ErrorReason.BACKEND_IO_ERROR);
    assertThat(line("ops_proxy_connections_active{client_name=\"web\"")).endsWith(" 0.0");
    assertThat(line("ops_proxy_requests_success_total{client_name=\"web\""))
        .contains("protocol=\"https\"")
        .endsWith(" 1.0");
    assertThat(line("ops_proxy_connections_failed_total{client_name=\"web\"")).endsWith(" 0.0");
    assertThat(line("ops_proxy_connections_bytes_tx_total{client_name=\"web\"")).endsWith(" 10.0");
    assertThat(line("ops_proxy_connections_bytes_rx_total{client_name=\"web\"")).endsWith(" 20.0");
  }

  @Test
  void aFailureHasOneReason() {
    metrics.unknown().opened(Protocol.HTTP).failed(ErrorReason.NO_CLIENT);
    assertThat(line("ops_proxy_proxy_errors_total{client_name=\"unknown\""))
        .contains("reason=\"no_client\"")
        .endsWith(" 1.0");
    assertThat(line("ops_proxy_requests_failed_total{client_name=\"unknown\"")).endsWith(" 1.0");
  }

  @Test
  void namesThatWentAwayAreForgottenInTheEnd() {
    for (int i = 0; i < 1500; i++) {
      metrics.name("name-" + i).owners(+1);
      metrics.name("name-" + i).owners(-1);
      metrics.retire("name-" + i);
    }
    String page = metrics.scrape();
    assertThat(page).doesNotContain("\"name-0\"").contains("\"name-1499\"");
    assertThat(page.lines().filter(l -> l.startsWith("ops_proxy_client_up{"))).hasSize(1000);
  }

  @Test
  void aNameWhoseOwnersComeAndGoIsRegisteredOnce() {
    Logger logger = (Logger) LoggerFactory.getLogger("io.micrometer.core.instrument.MeterRegistry");
    ListAppender<ILoggingEvent> warnings = new ListAppender<>();
    warnings.start();
    logger.addAppender(warnings);
    try {
      metrics.name("web").owners(+1);
      metrics.name("web").owners(-1);
      assertThat(line("ops_proxy_client_up{client_name=\"web\"")).endsWith(" 0.0");
      metrics.name("web").owners(+1);
      assertThat(line("ops_proxy_client_up{client_name=\"web\"")).endsWith(" 1.0");
    } finally {
      logger.detachAppender(warnings);
    }
    assertThat(warnings.list).isEmpty();
  }

  @Test
  void aNameThatComesBackIsKept() {
    metrics.name("web").owners(+1);
    metrics.retire("web");
    metrics.name("web");
    for (int i = 0; i < 1500; i++) {
      metrics.name("name-" + i);
      metrics.retire("name-" + i);
    }
    assertThat(metrics.scrape()).contains("client_name=\"web\"");
  }
}
