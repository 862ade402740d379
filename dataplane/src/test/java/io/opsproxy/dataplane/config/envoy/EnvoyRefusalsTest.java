package io.opsproxy.dataplane.config.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class EnvoyRefusalsTest {

  @Test
  void everyRefusedFieldHasItsReasonAndNoOtherHas() {
    Set<String> refused = new TreeSet<>();
    EnvoyFields.table()
        .forEach(
            (message, fields) ->
                fields.forEach(
                    (field, standing) -> {
                      if (standing == EnvoyFields.Standing.REFUSED) {
                        refused.add(message + "." + field);
                      }
                    }));
    assertThat(new TreeSet<>(EnvoyRefusals.table().keySet())).isEqualTo(refused);
    assertThat(EnvoyRefusals.table().values())
        .allSatisfy(
            refusal -> {
              assertThat(refusal.lost()).isNotEmpty();
              assertThat(refusal.remedy()).isNotEmpty();
            });
  }
}
