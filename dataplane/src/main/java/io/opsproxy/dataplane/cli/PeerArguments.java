package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.load.ConfigLoader;
import io.opsproxy.dataplane.config.problem.Strictness;
import io.opsproxy.dataplane.trust.CredentialsReader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a peer is told on its command line.
 *
 * @param file its configuration
 * @param flags by name, with their values
 * @param strictness what unknown keys of the file are
 * @param untilEof whether the end of standard input ends it
 */
record PeerArguments(
    Optional<Path> file, Map<String, String> flags, Strictness strictness, boolean untilEof) {
  static final String FILE = "--config.file";
  static final String FILE_SHORT = "-c";
  static final String FILE_ENVOY = "--config-path";
  static final String BIND_ADDRESS = "--bind-addr";
  static final String LISTEN_ADDRESS = "--web.listen-address";
  static final String TELEMETRY_PATH = "--web.telemetry-path";
  static final String LOG_LEVEL = "--log-level";
  static final String LOG_LEVEL_SHORT = "-l";
  static final String CONCURRENCY = "--concurrency";
  static final String DRAIN_TIME = "--drain-time-s";
  static final String UNTIL_EOF = "--until-eof";
  static final String LENIENT = "--lenient";
  static final String STRICT = "--strict";

  private static final Set<String> WITH_VALUE =
      Set.of(
          FILE, BIND_ADDRESS, LISTEN_ADDRESS, TELEMETRY_PATH, LOG_LEVEL, CONCURRENCY, DRAIN_TIME);

  private static final Map<String, String> OTHER_SPELLINGS =
      Map.of(FILE_SHORT, FILE, FILE_ENVOY, FILE, LOG_LEVEL_SHORT, LOG_LEVEL);

  ConfigLoader loader() {
    return new ConfigLoader(file, System.getenv(), flags, strictness, new CredentialsReader());
  }

  /**
   * The plain ways to start a peer, understood without the command line library: its classes are in
   * a format that no class archive takes, and loading them is a third of a start. Whatever else
   * there is, mistakes included, is the library's.
   *
   * @return empty when it is not one of those ways
   */
  static Optional<PeerArguments> plain(String... arguments) {
    Map<String, String> values = new HashMap<>();
    boolean untilEof = false;
    Strictness strictness = Strictness.USUAL;
    int first = arguments.length > 0 && arguments[0].equals("peer") ? 1 : 0;
    for (int i = first; i < arguments.length; i++) {
      String argument = arguments[i];
      if (argument.equals(UNTIL_EOF) && first == 1 && !untilEof) {
        untilEof = true;
        continue;
      }
      Strictness asked = asked(argument);
      if (asked != Strictness.USUAL && strictness == Strictness.USUAL) {
        strictness = asked;
        continue;
      }
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      if (EnvoyFlags.PLAIN.contains(argument)) {
        continue;
      }
      String flag = OTHER_SPELLINGS.getOrDefault(name, name);
      String value = "";
      if (equals >= 0) {
        value = argument.substring(equals + 1);
      } else if (i + 1 < arguments.length) {
        value = arguments[++i];
      }
      boolean plain = !value.isEmpty() && "-@\"'".indexOf(value.charAt(0)) < 0;
      boolean ignored = EnvoyFlags.WITH_VALUE.contains(flag);
      if (!plain
          || !(ignored || WITH_VALUE.contains(flag))
          || (!ignored && values.put(flag, value) != null)) {
        return Optional.empty();
      }
    }
    Optional<Path> file = Optional.ofNullable(values.remove(FILE)).map(Path::of);
    return Optional.of(new PeerArguments(file, values, strictness, untilEof));
  }

  private static Strictness asked(String argument) {
    return switch (argument) {
      case LENIENT -> Strictness.LENIENT;
      case STRICT -> Strictness.STRICT;
      default -> Strictness.USUAL;
    };
  }
}
