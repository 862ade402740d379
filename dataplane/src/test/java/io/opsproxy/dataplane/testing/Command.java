package io.opsproxy.dataplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * A command of this program that was run to its end, in a process of its own.
 *
 * @param code its exit code
 * @param out what it wrote, standard error included
 */
public record Command(int code, String out) {
  private static final int DEADLINE_SECONDS = 60;

  /** Runs it. */
  public static Command run(String... arguments) {
    try {
      Process process =
          new ProcessBuilder(PeerProcess.command(arguments)).redirectErrorStream(true).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it still runs: " + out);
      }
      return new Command(process.exitValue(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The first line that begins so; empty when there is none. */
  public String line(String start) {
    return out.lines().filter(line -> line.startsWith(start)).findFirst().orElse("");
  }
}
