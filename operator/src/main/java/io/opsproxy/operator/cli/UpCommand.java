package io.opsproxy.operator.cli;

import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.operator.local.BackendPort;
import io.opsproxy.operator.local.Console;
import io.opsproxy.operator.local.LocalMesh;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ops-proxy up}: the objects of some files as peers of this machine. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the objects of some files as peers on this machine and follows the files.",
      "Prints one line a peer, with its addresses; ends with SIGTERM or Ctrl-C."
    },
    footer = {
      "",
      "Exit codes: 0 or 143 stopped by a signal; 1 an object was refused; 2 wrong usage."
    })
final class UpCommand implements Callable<Integer> {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  @Mixin private ManifestOptions manifests;
  @Mixin private PeerImage image;
  @Spec private CommandSpec spec;

  @Option(
      names = "--resolve",
      paramLabel = "NAMESPACE/SERVICE:PORT=HOST:PORT",
      description = "where a serviceRef is reached from this machine; may be repeated")
  private List<String> resolve = List.of();

  @Override
  public Integer call() throws IOException, InterruptedException {
    LocalMesh mesh =
        new LocalMesh(
            new LocalMesh.Settings(manifests.namespace(), image.get(), resolved(), PAUSE),
            manifests.files(),
            Console.standard());
    Runtime.getRuntime().addShutdownHook(new Thread(mesh::close, "up-stop"));
    if (!mesh.start()) {
      return 1;
    }
    mesh.follow();
    return 0;
  }

  private Map<BackendPort, HostPort> resolved() {
    Map<BackendPort, HostPort> resolved = new HashMap<>();
    for (String text : resolve) {
      try {
        BackendPort.At at = BackendPort.At.parse(text);
        resolved.put(at.port(), at.address());
      } catch (IllegalArgumentException e) {
        throw new ParameterException(spec.commandLine(), "--resolve: " + e.getMessage());
      }
    }
    return resolved;
  }
}
