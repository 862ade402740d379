package io.opsproxy.operator.testing;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The command {@code operator} as a process of its own, which can be killed. Thread-safe. */
public final class OperatorProgram implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(ANSWER).build();
  private final Path directory;
  private final String admin;
  private final LeashedProcess process;

  private OperatorProgram(List<String> arguments, Map<String, String> environment) {
    try {
      directory = Directories.temporary("ops-proxy-operator");
      admin = "127.0.0.1:" + freePort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("PATH", System.getenv("PATH"));
    variables.put("HOME", directory.toString());
    variables.put("MALLOC_ARENA_MAX", "1");
    variables.put("OPERATOR_ADMIN_ADDRESS", admin);
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "io.opsproxy.operator.cli.Main"));
    command.addAll(arguments);
    process = LeashedProcess.start("operator", directory.resolve("log"), variables, command);
  }

  /**
   * Starts it.
   *
   * @param arguments the command and its flags, but for the address of its status pages
   */
  public static OperatorProgram start(
      Path kubeconfig, Map<String, String> environment, String... arguments) {
    Map<String, String> variables = new HashMap<>(environment);
    variables.put("KUBECONFIG", kubeconfig.toString());
    return new OperatorProgram(List.of(arguments), variables);
  }

  /** Starts it as a container of a pod says, with these values of the downward API. */
  public static OperatorProgram start(
      Path kubeconfig, Container container, Map<String, String> fields) {
    Map<String, String> variables = new HashMap<>();
    for (EnvVar variable : container.getEnv()) {
      variables.put(
          variable.getName(),
          variable.getValueFrom() == null
              ? variable.getValue()
              : fields.get(variable.getValueFrom().getFieldRef().getFieldPath()));
    }
    return start(kubeconfig, variables, container.getArgs().toArray(String[]::new));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Status and body of one of its pages, as {@code 200 ready}; the problem when there is none. */
  public String page(String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + admin + path)).timeout(ANSWER).build();
    try {
      HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
      return answer.statusCode() + " " + answer.body();
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  public boolean isReady() {
    return page("/readyz").startsWith("200 ");
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Resident memory in MiB. */
  public long residentMib() {
    return ProcessUse.residentMib(process.pid());
  }

  /** User and system time that it has used. */
  public double cpuSeconds() {
    return ProcessUse.cpuSeconds(process.pid());
  }

  /** All that it has written. */
  public String log() {
    return process.log();
  }

  /** Ends it as a crash would. */
  public void kill() {
    process.close();
  }

  /** SIGTERM; gives the code with which it ends. */
  public int terminate() {
    process.signal("TERM");
    if (!process.awaitEnd(Duration.ofSeconds(30))) {
      throw new AssertionError("the operator did not end after SIGTERM:\n" + process.tail());
    }
    return process.ended().join();
  }

  @Override
  public void close() {
    process.close();
    try {
      Directories.delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
