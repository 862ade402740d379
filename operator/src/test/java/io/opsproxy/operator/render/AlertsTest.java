package io.opsproxy.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.api.v1alpha1.ProxyPeerSpec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Alerts are right by Prometheus' own tool, fire when they should, and say what to do. */
final class AlertsTest {
  private static final Path DIRECTORY = Path.of("..", "grafana");
  private static final Path PEERS = DIRECTORY.resolve("peer-alerts.yaml");
  private static final Path OPERATOR = DIRECTORY.resolve("operator-alerts.yaml");
  private static final Path INSTALLED =
      Path.of("..", "deploy", "overlays", "monitoring", "rules.yaml");
  private static final Path REPLICAS = Path.of("src/test/resources/alerts/replicas-test.yaml");
  private static final Path TESTS = DIRECTORY.resolve("alerts-test.yaml");

  private final YAMLMapper yaml =
      YAMLMapper.builder()
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .build();

  @Test
  void theFileForPeersIsThatOfTheOperator() throws IOException {
    String text =
        """
        # Alerts about peers that run without the operator, for Prometheus (rule_files). They ask for a scrape job named
        # "ops-proxy". The operator makes the same for each ProxyPeer. What to do about each stands in docs/runbooks.md.
        # Written from the operator's own alerts by: ./ops-proxy test -Dtest=AlertsTest -Ddocs.update=true
        """
            + yaml.writeValueAsString(peerRules());
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(PEERS, text);
    }
    assertThat(text).isEqualTo(Files.readString(PEERS));
  }

  @Test
  void theRuleOfTheInstallationHasTheAlertsAboutTheOperator() throws IOException {
    ObjectNode rule = yaml.createObjectNode();
    rule.put("apiVersion", "monitoring.coreos.com/v1").put("kind", "PrometheusRule");
    rule.putObject("metadata")
        .put("name", "ops-proxy-operator")
        .put("namespace", "ops-proxy-system");
    rule.set("spec", yaml.readTree(OPERATOR.toFile()));
    String text =
        "# Written from grafana/operator-alerts.yaml by:"
            + " ./ops-proxy test -Dtest=AlertsTest -Ddocs.update=true\n"
            + yaml.writeValueAsString(rule);
    if (Boolean.getBoolean("docs.update")) {
      Files.writeString(INSTALLED, text);
    }
    assertThat(text).isEqualTo(Files.readString(INSTALLED));
  }

  private ObjectNode peerRules() {
    ObjectNode file = yaml.createObjectNode();
    ObjectNode group = file.putArray("groups").addObject();
    group.put("name", "ops-proxy-peers");
    ArrayNode rules = group.putArray("rules");
    for (Alerts.Alert alert : Alerts.ofSinglePeers()) {
      ObjectNode rule = rules.addObject();
      rule.put("alert", alert.name());
      rule.put("expr", alert.expressionFor("job=\"ops-proxy\""));
      rule.put("for", alert.duration());
      rule.putObject("labels").put("severity", alert.severity());
      rule.putObject("annotations")
          .put("summary", alert.summary())
          .put("runbook", alert.runbook())
          .put("runbook_url", alert.runbookUrl());
    }
    return file;
  }

  @Test
  void everyAlertIsTestedSilentAndFiring() throws IOException {
    Set<String> silent = new TreeSet<>();
    Set<String> firing = new TreeSet<>();
    for (Path file : List.of(TESTS, REPLICAS)) {
      for (JsonNode test : yaml.readTree(file.toFile()).get("tests")) {
        for (JsonNode expected : test.get("alert_rule_test")) {
          (expected.get("exp_alerts").isEmpty() ? silent : firing)
              .add(expected.get("alertname").asText());
        }
      }
    }
    assertThat(silent).containsExactlyElementsOf(names());
    assertThat(firing).containsExactlyElementsOf(names());
  }

  @Test
  void everyAlertHasItsSectionInTheRunbooks() throws IOException {
    List<String> sections =
        Files.readAllLines(Path.of("..", "docs", "runbooks.md")).stream()
            .filter(line -> line.startsWith("## OpsProxy"))
            .map(line -> line.substring("## ".length()))
            .sorted()
            .toList();
    assertThat(sections).containsExactlyElementsOf(names());
  }

  @Test
  void prometheusTakesThemAndTheyFireWhenTheyShould() throws IOException, InterruptedException {
    needPromtool();
    succeeds("check", "rules", PEERS.toString(), OPERATOR.toString());
    succeeds("test", "rules", TESTS.toString());
  }

  @Test
  void aRuleOfTheOperatorIsAboutThePodsOfOnePeer(@TempDir Path directory)
      throws IOException, InterruptedException {
    needPromtool();
    ProxyPeer peer = new ProxyPeer();
    peer.setMetadata(new ObjectMetaBuilder().withNamespace("mesh").withName("edge").build());
    peer.setSpec(yaml.readValue("{}", ProxyPeerSpec.class));
    JsonNode rule = yaml.valueToTree(Alerts.of(peer));
    Path file = directory.resolve("rule.yaml");
    yaml.writeValue(file.toFile(), rule.get("spec"));
    Path tests = Files.copy(REPLICAS, directory.resolve("test.yaml"));
    succeeds("check", "rules", file.toString());
    succeeds("test", "rules", tests.toString());
  }

  private static void needPromtool() throws IOException, InterruptedException {
    boolean there = promtool("--check").code() == 0;
    if (!"true".equals(System.getenv("CI"))) {
      Assumptions.assumeTrue(there, "no promtool; grafana/promtool says how to get one");
    }
    assertThat(there).as("grafana/promtool").isTrue();
  }

  private static void succeeds(String... arguments) throws IOException, InterruptedException {
    Ran ran = promtool(arguments);
    assertThat(ran.code()).as(ran.output()).isZero();
  }

  private Set<String> names() throws IOException {
    Set<String> names = new TreeSet<>();
    Alerts.ALERTS.forEach(alert -> names.add(alert.name()));
    for (Path file : List.of(PEERS, OPERATOR)) {
      for (JsonNode group : yaml.readTree(file.toFile()).get("groups")) {
        group.get("rules").forEach(rule -> names.add(rule.get("alert").asText()));
      }
    }
    return names;
  }

  private record Ran(int code, String output) {}

  private static Ran promtool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(DIRECTORY.resolve("promtool").toString());
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    return new Ran(process.exitValue(), output);
  }
}
