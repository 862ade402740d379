package io.opsproxy.dataplane.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of the seed's program. */
final class PeerOptions {
  @Option(
      names = {PeerArguments.FILE_SHORT, PeerArguments.FILE},
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

  @Mixin private StrictnessOptions strictness;

  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  PeerArguments arguments() {
    Map<String, String> flags = new HashMap<>();
    put(flags, PeerArguments.BIND_ADDRESS, bindAddress);
    put(flags, PeerArguments.LISTEN_ADDRESS, webListenAddress);
    put(flags, PeerArguments.TELEMETRY_PATH, telemetryPath);
    return new PeerArguments(file(), flags, strictness.strictness(), false);
  }

  private static void put(Map<String, String> flags, String flag, String value) {
    if (value != null) {
      flags.put(flag, value);
    }
  }
}
