package io.opsproxy.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page about the operator names every metric that it has, and no other. */
final class MetricsReferenceTest {
  private static final Pattern NAMED = Pattern.compile("`(ops_proxy_operator_[a-z_]+)[`{]");
  private static final Pattern SERIES = Pattern.compile("ops_proxy_operator_[a-z_]+");
  private static final Pattern TYPE = Pattern.compile("# TYPE (\\S+) .*");

  @Test
  void everyMetricIsDescribed() throws IOException {
    OperatorMetrics metrics = new OperatorMetrics();
    ProxyPeer peer = new ProxyPeer();
    peer.getMetadata().setNamespace("mesh");
    peer.getMetadata().setName("edge");
    peer.getMetadata().setGeneration(1L);
    List<Condition> conditions =
        List.of(
            new ConditionBuilder()
                .withType("Programmed")
                .withStatus("True")
                .withReason("Programmed")
                .withObservedGeneration(1L)
                .build());
    metrics.seen(peer, null);
    metrics.observed("ProxyPeer", ObjectKey.of(peer), conditions);
    metrics.timed("ProxyPeer", () -> 1);
    metrics.writeFailed("Deployment", "500");

    assertThat(metrics.scrape())
        .contains("ops_proxy_operator_apply_to_acknowledged_seconds_bucket{kind=\"ProxyPeer\",le=");
    Set<String> had =
        metrics
            .scrape()
            .lines()
            .map(TYPE::matcher)
            .filter(Matcher::matches)
            .map(matcher -> matcher.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> named =
        NAMED
            .matcher(Files.readString(Path.of("../grafana/metrics.md")))
            .results()
            .map(result -> result.group(1))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(had).containsExactlyElementsOf(named);
    assertThat(seriesOf(metrics.scrape()))
        .containsAll(asked("operator-dashboard.json"))
        .containsAll(asked("operator-alerts.yaml"));
  }

  private static Set<String> seriesOf(String scrape) {
    return scrape
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.replaceFirst("[{ ].*", ""))
        .collect(Collectors.toSet());
  }

  private static Set<String> asked(String file) throws IOException {
    Set<String> asked =
        SERIES
            .matcher(Files.readString(Path.of("../grafana", file)))
            .results()
            .map(result -> result.group())
            .collect(Collectors.toSet());
    assertThat(asked).as(file).isNotEmpty();
    return asked;
  }
}
