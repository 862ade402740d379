package io.opsproxy.operator.cli;

import io.opsproxy.operator.local.Manifests;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a user may want to know about the files, and may not care about. */
final class Notes {
  private Notes() {}

  static List<String> of(Manifests objects) {
    List<String> notes = new ArrayList<>();
    if (objects.peers().isEmpty()) {
      notes.add("no ProxyPeer in these files");
    }
    if (!objects.passedOver().isEmpty()) {
      notes.add(
          "passed over: "
              + objects.passedOver().entrySet().stream()
                  .map(entry -> entry.getValue() + " " + entry.getKey())
                  .collect(Collectors.joining(", ")));
    }
    return notes;
  }
}
