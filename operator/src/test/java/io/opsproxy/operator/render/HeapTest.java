package io.opsproxy.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod uses what it is given, and fits into it. */
final class HeapTest {
  @ParameterizedTest
  @CsvSource({"128Mi,32", "512Mi,192", "1Gi,448", "1073741824,448", "1G,412"})
  void theHeapFollowsTheLimit(String limit, int heap) {
    assertThat(
            Heap.options(
                new ResourceRequirementsBuilder()
                    .addToLimits("memory", new Quantity(limit))
                    .build()))
        .contains("-Xmx" + heap + "m -XX:MaxDirectMemorySize=" + heap + "m");
  }

  @ParameterizedTest
  @CsvSource({"256Mi"})
  void theLimitByDefaultIsThatOfTheImage(String limit) {
    assertThat(
            Heap.options(
                new ResourceRequirementsBuilder()
                    .addToLimits("memory", new Quantity(limit))
                    .build()))
        .isEmpty();
    assertThat(Heap.options(null)).isEmpty();
  }
}
