package io.opsproxy.operator.render;

import io.opsproxy.api.v1alpha1.NameState;
import io.opsproxy.api.v1alpha1.NameStatus;
import io.opsproxy.api.v1alpha1.ProxyPeer;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.operator.render.Attachment.Served;
import io.opsproxy.operator.status.ConditionType;
import io.opsproxy.operator.status.Finding;
import io.opsproxy.operator.status.Reason;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Who gets which name and which port at one peer. The oldest object wins, ties by namespace and
 * name; each name is decided by itself. An object that is refused takes nothing from another.
 */
final class Claims {
  private final Map<HostName, Proposal> names = new HashMap<>();
  private final Map<Integer, Proposal> ports = new HashMap<>();
  private final PodPorts podPorts;

  Claims(ProxyPeer peer, Site site) {
    podPorts = new PodPorts(peer.getSpec(), site.privileged());
  }

  /**
   * Decides about one object; those that are older have been decided about.
   *
   * @param refused why it is refused although nothing is wrong with it by itself, if it is
   */
  Attachment decide(Proposal proposal, Optional<Finding> refused) {
    Optional<Finding> refusal = refused.isPresent() ? refused : proposal.refusal();
    if (refusal.isPresent()) {
      return attachment(proposal, refusal.get(), List.of(), Optional.empty());
    }
    Route route = proposal.route().orElseThrow();
    Proposal owner = route.listenerPort().map(ports::get).orElse(null);
    if (owner != null) {
      return attachment(
          proposal,
          Finding.of(
              ConditionType.ACCEPTED,
              Reason.PORT_CONFLICT,
              "listenerPort "
                  + route.listenerPort().get()
                  + " belongs to "
                  + owner.object()
                  + ", which comes first; take another one"),
          List.of(),
          Optional.empty());
    }
    List<HostName> won = new ArrayList<>();
    List<NameStatus> statuses = new ArrayList<>();
    for (HostName name : route.names()) {
      Proposal first = names.putIfAbsent(name, proposal);
      boolean ours = first == null || first.key().equals(proposal.key());
      if (ours) {
        won.add(name);
      }
      statuses.add(
          new NameStatus(
              name.value(),
              ours ? NameState.SERVED : NameState.CONFLICT,
              ours ? null : first.key().toString()));
    }
    if (won.isEmpty()) {
      Finding lost =
          Finding.of(ConditionType.ACCEPTED, Reason.NAME_CONFLICT, conflict(proposal, statuses));
      return attachment(proposal, lost, statuses, Optional.empty());
    }
    return served(proposal, route, won, statuses);
  }

  private Attachment served(
      Proposal proposal, Route route, List<HostName> won, List<NameStatus> statuses) {
    String message = conflict(proposal, statuses);
    Optional<ListenerPort> port = Optional.empty();
    if (route.listenerPort().isPresent()) {
      if (won.stream().allMatch(HostName::isWildcard)) {
        message +=
            "; listenerPort "
                + route.listenerPort().get()
                + " needs one of the names without a wildcard";
      } else {
        port = Optional.of(podPorts.take(route.listenerPort().get()));
        ports.put(port.get().port(), proposal);
      }
    }
    return attachment(
        proposal,
        message.isEmpty()
            ? Finding.of(ConditionType.ACCEPTED, Reason.ACCEPTED)
            : Finding.of(ConditionType.ACCEPTED, Reason.PARTIAL_NAME_CONFLICT, message),
        statuses,
        Optional.of(new Served(route.serving(won), port)));
  }

  private static Attachment attachment(
      Proposal proposal, Finding accepted, List<NameStatus> names, Optional<Served> served) {
    return new Attachment(
        proposal.key(),
        proposal.generation(),
        accepted,
        proposal.resolvedRefs(),
        names,
        served,
        served.isPresent() ? proposal.route() : Optional.empty());
  }

  /** Names every name that was lost, and to whom; empty for none. */
  private static String conflict(Proposal proposal, List<NameStatus> names) {
    List<String> lost =
        names.stream()
            .filter(name -> name.state() == NameState.CONFLICT)
            .map(
                name ->
                    "\"" + name.name() + "\" belongs to " + proposal.kind() + " " + name.owner())
            .toList();
    return lost.isEmpty() ? "" : String.join(", ", lost) + ", which comes first";
  }
}
