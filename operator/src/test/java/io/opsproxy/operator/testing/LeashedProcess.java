package io.opsproxy.operator.testing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A process that cannot outlive this JVM, however the JVM ends.
 *
 * <p>A shell in between waits on a pipe that this JVM holds open. The kernel closes the pipe with
 * the JVM, also after {@code kill -9}, and the shell then kills the process. Signals go down the
 * same pipe, one name a line, so that they reach the process and never its shell, and never a
 * stranger that was given its process id later. Thread-safe.
 */
public final class LeashedProcess implements AutoCloseable {
  /**
   * Writes the process id to standard output, then ends as the process ended. The output of the
   * process goes to the file that is the first argument.
   */
  private static final String LEASH =
      """
      log=$1
      shift
      exec 3<&0 2>/dev/null
      "$@" 3<&- </dev/null >>"$log" 2>&1 &
      process=$!
      echo $process
      exec >&-
      {
        while read -r signal; do kill -s "$signal" $process; done <&3
        kill -s KILL $process
      } &
      leash=$!
      exec 3<&-
      wait $process
      ended=$?
      kill -s KILL $leash
      exit $ended
      """;

  private static final int TAIL = 30;

  private final String name;
  private final Path log;
  private final Process shell;
  private final OutputStream signals;
  private final long pid;

  private LeashedProcess(String name, Path log, Process shell) throws IOException {
    this.name = name;
    this.log = log;
    this.shell = shell;
    signals = shell.getOutputStream();
    BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(shell.getInputStream(), StandardCharsets.US_ASCII));
    String line = reader.readLine();
    if (line == null) {
      throw new IOException("could not start " + name);
    }
    pid = Long.parseLong(line);
  }

  /**
   * Starts {@code command}.
   *
   * @param name what messages call it
   * @param log gets both outputs, after what it holds already
   * @param environment its whole environment; null for a copy of the JVM's
   */
  public static LeashedProcess start(
      String name, Path log, Map<String, String> environment, List<String> command) {
    List<String> leashed = new ArrayList<>(List.of("sh", "-c", LEASH, name, log.toString()));
    leashed.addAll(command);
    ProcessBuilder builder = new ProcessBuilder(leashed);
    if (environment != null) {
      builder.environment().clear();
      builder.environment().putAll(environment);
    }
    try {
      return new LeashedProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String name() {
    return name;
  }

  /** Its own process id, not that of its shell. */
  long pid() {
    return pid;
  }

  public boolean isAlive() {
    return shell.isAlive();
  }

  /** Completed when it has ended, with its exit code: 128 and the signal if that ended it. */
  public CompletableFuture<Integer> ended() {
    return shell.onExit().thenApply(Process::exitValue);
  }

  /** Sends a signal, {@code TERM} for example. Nothing happens when the process has ended. */
  public synchronized void signal(String signal) {
    try {
      signals.write((signal + "\n").getBytes(StandardCharsets.US_ASCII));
      signals.flush();
    } catch (IOException e) {
      if (shell.isAlive()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Waits for its end; false when it still runs after that time. */
  public boolean awaitEnd(Duration atMost) {
    try {
      return shell.waitFor(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** All that it has written. */
  public String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last lines that it has written. */
  public String tail() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL), lines.size()));
  }

  /** SIGTERM, and SIGKILL after that time. */
  void stop(Duration grace) {
    signal("TERM");
    if (!awaitEnd(grace)) {
      close();
    }
  }

  /** SIGKILL, and waits for the end. */
  @Override
  public void close() {
    signal("KILL");
    if (!awaitEnd(Duration.ofSeconds(30))) {
      throw new IllegalStateException(name + " (process " + pid + ") cannot be killed");
    }
  }
}
