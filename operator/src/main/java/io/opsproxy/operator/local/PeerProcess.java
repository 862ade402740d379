package io.opsproxy.operator.local;

import io.opsproxy.operator.render.ObjectKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How a peer becomes a process of this machine. */
public final class PeerProcess {
  /** The launcher names itself here, so that a peer starts as it does for a user. */
  private static final String LAUNCHER = "OPS_PROXY_LAUNCHER";

  /** Of our variables: those of a peer would override its file. */
  private static final List<String> INHERITED =
      List.of("PATH", "HOME", "JAVA_HOME", "TMPDIR", "LANG", "OPS_PROXY_JAVA_OPTS");

  private PeerProcess() {}

  /** Starts it; both outputs are one stream. It ends in good order when its input is closed. */
  public static Process start(ObjectKey peer, Path config) throws IOException {
    List<String> command = new ArrayList<>();
    String launcher = System.getenv(LAUNCHER);
    if (launcher == null) {
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(
          List.of(
              "-XX:+ExitOnOutOfMemoryError",
              "-XX:+UseSerialGC",
              "-Xms8m",
              "-Xmx64m",
              "-Xss256k",
              "-XX:-UsePerfData"));
      command.addAll(
          List.of("-cp", System.getProperty("java.class.path"), "io.opsproxy.dataplane.cli.Main"));
    } else {
      command.add(launcher);
    }
    command.addAll(List.of("peer", "--until-eof", "--config.file=" + config));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Map<String, String> environment = builder.environment();
    environment.keySet().retainAll(INHERITED);
    environment.put("POD_NAME", peer.name());
    environment.put("POD_NAMESPACE", peer.namespace());
    environment.put("MALLOC_ARENA_MAX", "1");
    environment.put("OPS_PROXY_NO_BUILD", "1");
    return builder.start();
  }
}
