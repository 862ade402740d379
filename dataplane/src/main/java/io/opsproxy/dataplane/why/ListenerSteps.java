package io.opsproxy.dataplane.why;

import io.opsproxy.dataplane.admin.StatusPage.Listening;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.value.BindProblem;
import io.opsproxy.dataplane.config.value.HostName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where a client of a name may enter. A listener with a fixed route is the only way of those who
 * use it, so its fault is theirs; one that looks at first bytes can be replaced by any other.
 */
final class ListenerSteps {
  private final List<ListenerConfig> listeners;
  private final Map<String, Listening> states = new HashMap<>();
  private final Optional<HostName> rule;

  /**
   * @param rule that matched the name; empty when none did
   */
  ListenerSteps(Config config, List<Listening> listening, Optional<HostName> rule) {
    this.listeners = config.listeners();
    this.rule = rule;
    listening.forEach(one -> states.put(one.listener(), one));
  }

  void addTo(List<Step> steps) {
    boolean anyUp = listeners.stream().anyMatch(one -> leads(one) && problem(one).isEmpty());
    for (ListenerConfig listener : listeners) {
      if (leads(listener)) {
        steps.add(step(listener, anyUp));
      }
    }
  }

  private boolean leads(ListenerConfig listener) {
    return listener.service().isEmpty() || listener.service().equals(rule);
  }

  private Optional<BindProblem> problem(ListenerConfig listener) {
    return Optional.ofNullable(states.get(listener.name())).flatMap(Listening::problem);
  }

  private Step step(ListenerConfig listener, boolean anyUp) {
    String subject = listener.name() + " " + listener.address();
    Optional<BindProblem> problem = problem(listener);
    if (problem.isEmpty()) {
      return Step.ok("listener", subject, "listens");
    }
    String message = problem.get().message();
    String remedy = problem.get().remedy();
    return listener.service().isPresent() || !anyUp
        ? Step.fail("listener", subject, message, remedy)
        : Step.warn("listener", subject, message, remedy);
  }
}
