package io.opsproxy.dataplane.envoy;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.testing.PeerProcess;
import io.opsproxy.dataplane.testing.PrivateCa;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;

/** One API server that can be killed and stopped as processes are. */
final class ApiServerProcess implements AutoCloseable {
  private final PrivateCa ca;
  private final String body;
  private final int backlog;
  private Process process;
  private BufferedReader out;
  private Writer in;
  private int port;

  /**
   * @param body what it answers
   * @param backlog connections that wait for it to accept
   */
  ApiServerProcess(PrivateCa ca, String body, int backlog) {
    this.ca = ca;
    this.body = body;
    this.backlog = backlog;
    begin();
  }

  private void begin() {
    List<String> command =
        PeerProcess.java(
            ApiServerMain.class,
            Integer.toString(port),
            Integer.toString(backlog),
            body,
            ca.serverKeys().toString());
    try {
      process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    out = process.inputReader();
    in = process.outputWriter();
  }

  private String line() {
    try {
      return out.readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens; waits until it does. */
  int port() {
    if (port == 0) {
      String line = line();
      assertThat(line).startsWith("port ");
      port = Integer.parseInt(line.substring("port ".length()));
    }
    return port;
  }

  /** One order of {@link ApiServerMain}, carried out once this returns. */
  void tell(String order) {
    try {
      in.write(order + "\n");
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(line()).isEqualTo("done " + order);
  }

  /** By name, such as STOP. */
  void signal(String name) {
    PeerProcess.signal(process, name);
  }

  /** kill -9; it is gone once this returns. */
  void kill() {
    process.destroyForcibly();
    await();
  }

  /** A new process on the same port. */
  void revive() {
    begin();
    assertThat(line()).isEqualTo("port " + port);
  }

  private void await() {
    try {
      process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    kill();
  }
}
