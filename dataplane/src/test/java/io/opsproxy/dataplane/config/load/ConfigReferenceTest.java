package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.schema.ConfigKey;
import io.opsproxy.dataplane.config.schema.ConfigKeys;
import io.opsproxy.dataplane.config.schema.ConfigReference;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {
  private final List<String> lines = ConfigReference.markdown().lines().toList();

  @Test
  void hasALineForEveryKey() {
    assertThat(lines)
        .contains(
            "| `peer` | Value | Default | Meaning |",
            "| `bind_addr` | address | `:6443` | address where clients and peers connect |",
            "| `weight` | number 1-128 | `1` | share of connections relative to the other endpoints of its priority |",
            "| `PEER_BIND_ADDR` | `peer.bind_addr` | `SERVER_BIND_ADDR` |",
            "| `--web.telemetry-path` | `peer.telemetry_path` |");
    for (ConfigKey<?> key : ConfigKeys.all()) {
      if (!key.section().isEmpty()) {
        assertThat(lines).anyMatch(line -> line.startsWith("| `" + key.name() + "` |"));
        assertThat(key.meaning()).as(key.path()).isNotEmpty();
      }
      key.variables()
          .forEach(v -> assertThat(lines).anyMatch(line -> line.contains("`" + v + "`")));
    }
  }

  @Test
  void isWellFormedTables() {
    int columns = 0;
    for (String line : lines) {
      if (!line.startsWith("|")) {
        columns = 0;
        continue;
      }
      int bars = line.replace("\\|", "").replaceAll("[^|]", "").length();
      assertThat(columns == 0 || columns == bars).as(line).isTrue();
      columns = bars;
    }
  }
}
