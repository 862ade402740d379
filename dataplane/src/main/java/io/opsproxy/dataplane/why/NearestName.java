package io.opsproxy.dataplane.why;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.Nearest;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The name that was probably meant. */
final class NearestName {
  /** More are not compared: the answer is a courtesy. */
  private static final int MOST = 5_000;

  private NearestName() {}

  static Optional<HostName> of(HostName asked, Collection<HostName> known) {
    Optional<HostName> within = longer(asked, known);
    if (within.isPresent()) {
      return within;
    }
    Map<String, HostName> words = new LinkedHashMap<>();
    ordered(known).limit(MOST).forEach(name -> words.putIfAbsent(word(name), name));
    String nearest = Nearest.of(word(asked), words.keySet().stream().toList());
    return Optional.ofNullable(nearest).map(words::get);
  }

  /** {@code web} for {@code web.example.com}, or the other way round. */
  private static Optional<HostName> longer(HostName asked, Collection<HostName> known) {
    return ordered(known)
        .filter(
            name ->
                name.value().startsWith(asked.value() + ".")
                    || asked.value().startsWith(name.value() + "."))
        .findFirst();
  }

  private static Stream<HostName> ordered(Collection<HostName> known) {
    return known.stream().sorted((a, b) -> a.value().compareTo(b.value()));
  }

  /** As words are compared: keys of configurations are written with low lines. */
  private static String word(HostName name) {
    return name.value().replace('-', '_');
  }
}
