package io.opsproxy.dataplane.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of the program, and those of Envoy. */
final class PeerOptions {
  @Option(
      names = {PeerArguments.FILE_SHORT, PeerArguments.FILE, PeerArguments.FILE_ENVOY},
      paramLabel = "FILE",
      description = "Configuration file (YAML). Without it, environment and defaults apply.")
  private Path file;

  @Option(
      names = PeerArguments.BIND_ADDRESS,
      paramLabel = "ADDR",
      description = "Where clients and peers connect, such as :6443. Overrides peer.bind_addr.")
  private String bindAddress;

  @Option(
      names = PeerArguments.LISTEN_ADDRESS,
      paramLabel = "ADDR",
      description = "Where the status pages are, such as :9090. Overrides peer.listen_address.")
  private String webListenAddress;

  @Option(
      names = PeerArguments.TELEMETRY_PATH,
      paramLabel = "PATH",
      description = "Path of the metrics page. Overrides peer.telemetry_path.")
  private String telemetryPath;

  @Option(
      names = {PeerArguments.LOG_LEVEL_SHORT, PeerArguments.LOG_LEVEL},
      paramLabel = "LEVEL",
      description = "Least level that is logged, such as debug. Overrides log.level.")
  private String logLevel;

  @Option(
      names = PeerArguments.CONCURRENCY,
      paramLabel = "N",
      description = "Event loops; 0 is one for each processor. Overrides proxy.threads.")
  private String concurrency;

  @Option(
      names = PeerArguments.DRAIN_TIME,
      paramLabel = "SECONDS",
      description = "How long connections may go on after SIGTERM. Overrides peer.drain_timeout.")
  private String drainTime;

  @Mixin private StrictnessOptions strictness;

  @Mixin private EnvoyFlags unusedFlags;

  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  PeerArguments arguments() {
    Map<String, String> flags = new HashMap<>();
    put(flags, PeerArguments.BIND_ADDRESS, bindAddress);
    put(flags, PeerArguments.LISTEN_ADDRESS, webListenAddress);
    put(flags, PeerArguments.TELEMETRY_PATH, telemetryPath);
    put(flags, PeerArguments.LOG_LEVEL, logLevel);
    put(flags, PeerArguments.CONCURRENCY, concurrency);
    put(flags, PeerArguments.DRAIN_TIME, drainTime);
    return new PeerArguments(file(), flags, strictness.strictness(), false);
  }

  private static void put(Map<String, String> flags, String flag, String value) {
    if (value != null) {
      flags.put(flag, value);
    }
  }
}
