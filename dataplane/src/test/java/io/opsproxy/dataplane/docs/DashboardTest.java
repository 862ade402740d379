package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.telemetry.Metric;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The dashboards about peers can be imported, and ask for what there is. */
final class DashboardTest {
  private static final int COLUMNS = 24;
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?(\\w+)");
  private static final Set<String> BUILT_IN = Set.of("__rate_interval");

  private static final String PEER = "peer-dashboard.json";
  private static final String MESH = "mesh-dashboard.json";

  private Map<String, Object> dashboard;
  private final List<Map<String, Object>> panels = new ArrayList<>();

  private void read(String file) throws IOException {
    String text = Documents.text(Documents.file("grafana/" + file));
    dashboard = Json.object(Json.read(text));
    collect(dashboard);
  }

  private void collect(Map<String, Object> parent) {
    for (Object panel : Json.array(parent.get("panels"))) {
      panels.add(Json.object(panel));
      collect(Json.object(panel));
    }
  }

  private List<Map<String, Object>> variables() {
    return Json.array(Json.object(dashboard.get("templating")).get("list")).stream()
        .map(Json::object)
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {PEER, MESH})
  void canBeImported(String file) throws IOException {
    read(file);
    assertThat((long) dashboard.get("schemaVersion")).isGreaterThanOrEqualTo(39);
    assertThat(dashboard.get("id")).as("an id belongs to one Grafana").isNull();
    assertThat((String) dashboard.get("uid")).matches("[a-z0-9-]{1,40}");
    assertThat((String) dashboard.get("title")).isNotBlank();
    assertThat(variables().get(0)).containsEntry("type", "datasource");
  }

  @Test
  void thoseAboutPeersChooseAndShowAllParts() throws IOException {
    read(PEER);
    assertThat(variables().stream().map(variable -> variable.get("name")))
        .containsExactly("datasource", "namespace", "pod", "client_name");
    assertThat(panels.stream().filter(DashboardTest::isRow).map(row -> row.get("title")))
        .containsExactly(
            "Overview",
            "Traffic",
            "Errors",
            "Latency",
            "Peer links and names",
            "Tunnels and forwards",
            "Configuration",
            "Limits and resources",
            "Endpoints");
  }

  @ParameterizedTest
  @ValueSource(strings = {PEER, MESH})
  void everyPanelAsksTheChosenDataSource(String file) throws IOException {
    read(file);
    Map<String, Object> chosen = Map.of("type", "prometheus", "uid", "${datasource}");
    for (Map<String, Object> variable : variables()) {
      if (variable.get("type").equals("query")) {
        assertThat(variable).containsEntry("datasource", chosen);
      }
    }
    for (Map<String, Object> panel : panels) {
      if (!isRow(panel)) {
        assertThat(panel).as("%s", panel.get("title")).containsEntry("datasource", chosen);
        assertThat(targets(panel)).as("%s", panel.get("title")).isNotEmpty();
        for (Map<String, Object> target : targets(panel)) {
          assertThat(target).as("%s", panel.get("title")).containsEntry("datasource", chosen);
        }
        assertThat(targets(panel).stream().map(target -> target.get("refId")))
            .as("%s", panel.get("title"))
            .doesNotHaveDuplicates();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PEER, MESH})
  void everyQueryReadsMetricsAndLabelsThatExist(String file) throws IOException {
    read(file);
    for (Map<String, Object> panel : panels) {
      for (Map<String, Object> target : targets(panel)) {
        PromQuery.check((String) target.get("expr"), (String) target.get("legendFormat"));
      }
    }
    for (Map<String, Object> variable : variables()) {
      if (variable.get("type").equals("query")) {
        String query = (String) Json.object(variable.get("query")).get("query");
        assertThat(query).isEqualTo(variable.get("definition"));
        Matcher values = Pattern.compile("label_values\\((.*), (\\w+)\\)").matcher(query);
        assertThat(values.matches()).as(query).isTrue();
        Set<Metric> metrics = PromQuery.check(values.group(1), "");
        metrics.forEach(m -> assertThat(Exported.labels(m)).contains(values.group(2)));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {PEER, MESH})
  void everyVariableOfAQueryIsDefined(String file) throws IOException {
    read(file);
    Set<String> defined = new HashSet<>(BUILT_IN);
    variables().forEach(variable -> defined.add((String) variable.get("name")));
    for (Map<String, Object> panel : panels) {
      for (Map<String, Object> target : targets(panel)) {
        Matcher variable = VARIABLE.matcher((String) target.get("expr"));
        while (variable.find()) {
          assertThat(defined).as("%s", target.get("expr")).contains(variable.group(1));
        }
      }
    }
  }

  @Test
  void everyMetricIsShownForPeers() throws IOException {
    read(PEER);
    Set<Metric> shown = EnumSet.noneOf(Metric.class);
    for (Map<String, Object> panel : panels) {
      for (Map<String, Object> target : targets(panel)) {
        shown.addAll(PromQuery.check((String) target.get("expr"), ""));
      }
    }
    assertThat(shown).containsExactlyInAnyOrder(Metric.values());
  }

  @ParameterizedTest
  @ValueSource(strings = {PEER, MESH})
  void panelsHaveTheirOwnIdsAndPlaces(String file) throws IOException {
    read(file);
    assertThat(panels.stream().map(panel -> panel.get("id"))).doesNotHaveDuplicates();
    Set<String> taken = new HashSet<>();
    for (Map<String, Object> panel : panels) {
      Map<String, Object> place = Json.object(panel.get("gridPos"));
      long x = (long) place.get("x");
      long y = (long) place.get("y");
      long right = x + (long) place.get("w");
      assertThat(right).as("%s", panel.get("title")).isLessThanOrEqualTo(COLUMNS);
      for (long column = x; column < right; column++) {
        for (long line = y; line < y + (long) place.get("h"); line++) {
          assertThat(taken.add(column + "," + line))
              .as("%s has column %d of line %d for itself", panel.get("title"), column, line)
              .isTrue();
        }
      }
    }
  }

  private static boolean isRow(Map<String, Object> panel) {
    return panel.get("type").equals("row");
  }

  private static List<Map<String, Object>> targets(Map<String, Object> panel) {
    return Json.array(panel.get("targets")).stream().map(Json::object).toList();
  }
}
