package io.opsproxy.dataplane.mesh.names;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameBudgetTest {
  private final NameBudget budget = new NameBudget(2);

  private static HostName name(String name) {
    return HostName.exact(name).orElseThrow();
  }

  @Test
  void bindsDifferentNamesAndNotTheirOwners() {
    for (int i = 0; i < 5; i++) {
      assertThat(budget.take(name("a"))).isTrue();
      assertThat(budget.take(name("b"))).isTrue();
    }
    assertThat(budget.take(name("c"))).isFalse();
  }

  @Test
  void bindsOwnersToo() {
    for (int i = 0; i < 20; i++) {
      assertThat(budget.take(name("a"))).isTrue();
    }
    assertThat(budget.take(name("a"))).isFalse();
  }

  @Test
  void givesPlacesBack() {
    assertThat(budget.take(name("a"))).isTrue();
    assertThat(budget.take(name("a"))).isTrue();
    assertThat(budget.take(name("b"))).isTrue();
    budget.giveBack(List.of(name("a")));
    assertThat(budget.take(name("c"))).as("a still has an owner").isFalse();
    budget.giveBack(List.of(name("a")));
    assertThat(budget.take(name("c"))).isTrue();
  }
}
