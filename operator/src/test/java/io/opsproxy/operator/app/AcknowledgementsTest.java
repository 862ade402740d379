package io.opsproxy.operator.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.opsproxy.api.v1alpha1.ExposedService;
import io.opsproxy.operator.render.ObjectKey;
import io.opsproxy.operator.status.Reason;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class AcknowledgementsTest {
  private static final String KIND = "ExposedService";
  private static final ObjectKey KEY = new ObjectKey("mesh", "web");

  private long now;
  private final Acknowledgements acknowledgements = new Acknowledgements(() -> now);

  private static ExposedService object(long generation) {
    ExposedService service = new ExposedService();
    service.getMetadata().setNamespace(KEY.namespace());
    service.getMetadata().setName(KEY.name());
    service.getMetadata().setGeneration(generation);
    return service;
  }

  private static List<Condition> programmed(String status, Reason reason, long generation) {
    return List.of(
        new ConditionBuilder()
            .withType("Programmed")
            .withStatus(status)
            .withReason(reason.text())
            .withObservedGeneration(generation)
            .build());
  }

  private static List<Condition> acknowledged(long generation) {
    return programmed("True", Reason.PROGRAMMED, generation);
  }

  private void pass(int millis) {
    now += Duration.ofMillis(millis).toNanos();
  }

  @Test
  void theTimeIsToldOnceAndFromTheFirstSightOfTheGeneration() {
    acknowledgements.seen(object(1), null);
    pass(100);
    acknowledgements.seen(object(1), null);
    assertThat(acknowledgements.observed(KIND, KEY, programmed("False", Reason.PODS_LAG, 1)))
        .isEmpty();
    pass(200);
    assertThat(acknowledgements.observed(KIND, KEY, acknowledged(1)))
        .contains(Duration.ofMillis(300));
    assertThat(acknowledgements.observed(KIND, KEY, acknowledged(1))).isEmpty();
  }

  @Test
  void aNewerGenerationBeginsAnew() {
    acknowledgements.seen(object(1), null);
    pass(1000);
    acknowledgements.seen(object(2), programmed("False", Reason.PODS_LAG, 1));
    pass(50);
    assertThat(acknowledgements.observed(KIND, KEY, acknowledged(1))).isEmpty();
    assertThat(acknowledgements.observed(KIND, KEY, acknowledged(2)))
        .contains(Duration.ofMillis(50));
  }

  @Test
  void whatThePodsRunAlreadyOrAreNotToRunDoesNotWait() {
    acknowledgements.seen(object(1), acknowledged(1));
    assertThat(acknowledgements.observed(KIND, KEY, acknowledged(1))).isEmpty();

    acknowledgements.seen(object(2), null);
    acknowledgements.observed(KIND, KEY, programmed("False", Reason.NOT_PROGRAMMED, 2));
    assertThat(acknowledgements.observed(KIND, KEY, acknowledged(2))).isEmpty();

    acknowledgements.seen(object(3), null);
    acknowledgements.forget(KIND, KEY);
    assertThat(acknowledgements.observed(KIND, KEY, acknowledged(3))).isEmpty();
  }
}
