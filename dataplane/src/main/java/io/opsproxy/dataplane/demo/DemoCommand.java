package io.opsproxy.dataplane.demo;

import io.opsproxy.dataplane.demo.DemoClient.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ops-proxy demo}: two peers as processes of their own, sample backends behind them, and
 * real requests through both. Every step is one line that begins with PASS or FAIL. All of it is on
 * loopback.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs two peers with sample backends and proves the main job with real requests; stays up to be played with.")
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--once",
      description = "Stop after the last step: exit 0 when all passed, else 1.")
  private boolean once;

  private int failed;

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("ops-proxy-demo-");
    DemoCertificate certificate =
        DemoCertificate.make(directory, List.of("secure-a.demo", "secure-b.demo"));
    try (DemoBackend webA = DemoBackend.http("web of a");
        DemoBackend secureA = DemoBackend.https("secure of a", certificate);
        DemoBackend webB = DemoBackend.http("web of b");
        DemoBackend secureB = DemoBackend.https("secure of b", certificate);
        DemoPeer a = new DemoPeer("a", directory, 16443, 19090);
        DemoPeer b = new DemoPeer("b", directory, 26443, 29090)) {
      Thread cleanUp = new Thread(() -> cleanUp(directory, a, b), "demo-clean-up");
      Runtime.getRuntime().addShutdownHook(cleanUp);
      a.configure(List.of(), List.of(webA.as("web-a.demo"), secureA.as("secure-a.demo")));
      b.configure(List.of(a), List.of(webB.as("web-b.demo"), secureB.as("secure-b.demo")));
      new Scenario(a, b, webB, secureB, certificate).run();
      if (!once) {
        play(a, b, directory, certificate);
        new CountDownLatch(1).await();
      }
    }
    return failed == 0 ? 0 : 1;
  }

  private static void cleanUp(Path directory, DemoPeer a, DemoPeer b) {
    a.close();
    b.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + directory);
    }
  }

  private static void play(DemoPeer a, DemoPeer b, Path directory, DemoCertificate certificate) {
    System.out.println();
    System.out.println("The peers stay up. Try, in another terminal (Ctrl-C here ends all):");
    System.out.println("  curl -H 'Host: web-b.demo' http://" + a.proxy() + "/");
    System.out.println("  curl -H 'Host: web-a.demo' http://" + b.proxy() + "/");
    System.out.println(
        "  curl --cacert "
            + certificate.pem()
            + " --connect-to secure-b.demo:443:"
            + a.proxy()
            + " https://secure-b.demo/");
    System.out.println(
        "  curl http://" + a.status() + "/status      # names, peers, configuration");
    System.out.println("  curl http://" + b.status() + "/metrics");
    System.out.println(
        "  $EDITOR "
            + directory.resolve("b.yaml")
            + "      # saved changes are in force within a second");
  }

  private void step(String what, Callable<String> proof) {
    long start = System.nanoTime();
    try {
      String problem = proof.call();
      long millis = (System.nanoTime() - start) / 1_000_000;
      if (problem == null) {
        System.out.println("PASS " + what + " (" + millis + " ms)");
        return;
      }
      System.out.println("FAIL " + what + ": " + problem);
    } catch (Exception e) {
      System.out.println("FAIL " + what + ": " + e);
    }
    failed++;
  }

  /** The steps, in order. */
  private final class Scenario {
    private final DemoPeer a;
    private final DemoPeer b;
    private final DemoBackend webB;
    private final DemoBackend secureB;
    private final DemoClient client;

    Scenario(
        DemoPeer a,
        DemoPeer b,
        DemoBackend webB,
        DemoBackend secureB,
        DemoCertificate certificate) {
      this.a = a;
      this.b = b;
      this.webB = webB;
      this.secureB = secureB;
      this.client = new DemoClient(certificate);
    }

    void run() {
      step("peer a starts, serving web-a.demo and secure-a.demo", a::start);
      step("peer b starts, serving web-b.demo and secure-b.demo, and dials a", b::start);
      step("each peer knows the names of the other", this::namesExchanged);
      step(
          "HTTP  client -> a -> backend of a",
          () -> expect(200, "web of a", client.http(a, "web-a.demo")));
      step(
          "HTTP  client -> a -> tunnel -> b -> backend of b",
          () -> expect(200, "web of b", client.http(a, "web-b.demo")));
      step(
          "HTTP  client -> b -> tunnel -> a -> backend of a",
          () -> expect(200, "web of a", client.http(b, "web-a.demo")));
      step(
          "TLS   client -> a -> tunnel -> b, certificate of the backend verified end to end",
          () -> expect(200, "secure of b", client.https(a, "secure-b.demo")));
      step(
          "TLS   client -> b -> tunnel -> a, certificate of the backend verified end to end",
          () -> expect(200, "secure of a", client.https(b, "secure-a.demo")));
      step(
          "an unknown HTTP name gets 503 that names it",
          () -> expect(503, "Service not available: nobody.demo", client.http(a, "nobody.demo")));
      step(
          "an unknown TLS name gets the alert unrecognized_name",
          () -> client.alert(a, "nobody.demo"));
      step(
          "reload: b serves one name more, reachable at a; a connection that is open goes on",
          this::reload);
      step("reload: the name is taken back and refused at a", this::takeBack);
      step("a broken file changes nothing and is reported", this::badFile);
      step("b is killed (-9): its names are gone at a, those of a go on", this::kill);
      step("b is back: its names are reachable at a again", this::restart);
      step("b drains on SIGTERM and exits with 0", b::stop);
      step("b starts again", b::start);
      step(
          "HTTP  client -> a -> tunnel -> b once more",
          () -> eventually(200, "web of b", "web-b.demo"));
    }

    private String namesExchanged() throws Exception {
      return await(
          () -> a.knows("web-b.demo") && b.knows("web-a.demo"), "names were not exchanged");
    }

    private String reload() throws Exception {
      try (DemoClient.Open open = client.open(a, "web-b.demo")) {
        b.configure(
            List.of(a),
            List.of(webB.as("web-b.demo"), secureB.as("secure-b.demo"), webB.as("late-b.demo")));
        String problem = eventually(200, "web of b", "late-b.demo");
        return problem != null ? problem : expect(200, "web of b", open.again());
      }
    }

    private String takeBack() throws Exception {
      b.configure(List.of(a), List.of(webB.as("web-b.demo"), secureB.as("secure-b.demo")));
      return eventually(503, "Service not available", "late-b.demo");
    }

    private String badFile() throws Exception {
      b.breakConfiguration();
      String problem =
          await(() -> b.status("config").contains("\"message\""), "the error is not in /status");
      if (problem == null) {
        problem = expect(200, "web of b", client.http(a, "web-b.demo"));
      }
      b.configure(List.of(a), List.of(webB.as("web-b.demo"), secureB.as("secure-b.demo")));
      return problem;
    }

    private String kill() throws Exception {
      b.kill();
      String problem = eventually(503, "web-b.demo", "web-b.demo");
      return problem != null ? problem : expect(200, "web of a", client.http(a, "web-a.demo"));
    }

    private String restart() throws Exception {
      String problem = b.start();
      return problem != null ? problem : eventually(200, "web of b", "web-b.demo");
    }

    private String eventually(int status, String body, String name) throws Exception {
      return await(
          () -> expect(status, body, client.http(a, name)) == null,
          name + " at a: " + expect(status, body, client.http(a, name)));
    }
  }

  private static String expect(int status, String body, Answer answer) {
    return answer.status() == status && answer.body().contains(body)
        ? null
        : "unexpected answer: " + answer;
  }

  private static String await(Callable<Boolean> condition, String otherwise) throws Exception {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!condition.call()) {
      if (System.nanoTime() > deadline) {
        return otherwise;
      }
      Thread.sleep(20);
    }
    return null;
  }
}
