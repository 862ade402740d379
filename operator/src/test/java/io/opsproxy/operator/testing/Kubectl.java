package io.opsproxy.operator.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program with which people use a cluster.
 *
 * @param program its path
 * @param cache where it keeps what the server offers
 */
record Kubectl(String program, Path kubeconfig, Path cache) {
  List<String> command(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(program, "--kubeconfig=" + kubeconfig, "--cache-dir=" + cache));
    command.addAll(List.of(arguments));
    return command;
  }

  /** Runs it without input; gives both of its outputs. */
  String run(String... arguments) {
    List<String> command = command(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(String.join(" ", command) + ":\n" + output);
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
