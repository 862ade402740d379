package io.opsproxy.dataplane.cli;

import io.opsproxy.dataplane.config.ConfigLoader;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags of the seed's program. */
final class PeerOptions {
  @Option(
      names = {"-c", "--config.file"},
      paramLabel = "FILE",
      description = "Configuration file (YAML). Without it, environment and defaults apply.")
  private Path file;

  @Option(
      names = "--bind-addr",
      paramLabel = "ADDR",
      description = "Where clients and peers connect, such as :6443. Overrides peer.bind_addr.")
  private String bindAddress;

  @Option(
      names = "--web.listen-address",
      paramLabel = "ADDR",
      description = "Where the status pages are, such as :9090. Overrides peer.listen_address.")
  private String webListenAddress;

  @Option(
      names = "--web.telemetry-path",
      paramLabel = "PATH",
      description = "Path of the metrics page. Overrides peer.telemetry_path.")
  private String telemetryPath;

  Optional<Path> file() {
    return Optional.ofNullable(file);
  }

  ConfigLoader loader() {
    Map<String, String> flags = new HashMap<>();
    put(flags, "--bind-addr", bindAddress);
    put(flags, "--web.listen-address", webListenAddress);
    put(flags, "--web.telemetry-path", telemetryPath);
    return new ConfigLoader(file(), System.getenv(), flags);
  }

  private static void put(Map<String, String> flags, String flag, String value) {
    if (value != null) {
      flags.put(flag, value);
    }
  }
}
