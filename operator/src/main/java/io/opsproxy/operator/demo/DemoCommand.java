package io.opsproxy.operator.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code ops-proxy demo}: {@code up} of a shipped example with sample backends behind it, and real
 * requests through both of its peers. All of it is on loopback.
 */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description =
        "Runs two peers with sample backends and proves the main job with real requests; stays up to be played with.",
    footer = {
      "",
      "Exit codes: 0 all steps passed, with --once, or stopped; 1 one did not; 2 wrong usage."
    })
public final class DemoCommand implements Callable<Integer> {
  @Option(
      names = "--once",
      description = "Stop after the last step: exit 0 when all passed, else 1.")
  private boolean once;

  @Override
  public Integer call() throws Exception {
    Path directory = Files.createTempDirectory("ops-proxy-demo-");
    DemoCertificate certificate =
        DemoCertificate.make(directory, List.of("secure-a.demo", "secure-b.demo"));
    Steps steps = new Steps();
    try (DemoBackend webA = DemoBackend.http("web of a");
        DemoBackend secureA = DemoBackend.https("secure of a", certificate);
        DemoBackend webB = DemoBackend.http("web of b");
        DemoBackend secureB = DemoBackend.https("secure of b", certificate)) {
      DemoMesh mesh =
          new DemoMesh(
              directory,
              Map.of(
                  "web-a:80", webA.port(),
                  "secure-a:443", secureA.port(),
                  "web-b:80", webB.port(),
                  "secure-b:443", secureB.port()));
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> cleanUp(directory, mesh), "demo-clean-up"));
      new Scenario(mesh, certificate, steps).run();
      try (TrustedScenario trusted =
          new TrustedScenario(directory, webA.port(), new DemoClient(certificate), steps)) {
        trusted.run();
      }
      if (!once) {
        play(mesh, certificate);
        new CountDownLatch(1).await();
      }
    }
    return steps.failed() == 0 ? 0 : 1;
  }

  private static void cleanUp(Path directory, DemoMesh mesh) {
    mesh.close();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      System.err.println("left behind: " + directory);
    }
  }

  private static void play(DemoMesh mesh, DemoCertificate certificate) {
    DemoPeer a = mesh.peer("a");
    DemoPeer b = mesh.peer("b");
    System.out.printf(
        """

        The peers stay up. Try, in another terminal (Ctrl-C here ends all):
          curl -H 'Host: web-b.demo' http://%1$s/
          curl -H 'Host: web-a.demo' http://%2$s/
          curl --cacert %3$s --connect-to secure-b.demo:443:%1$s https://secure-b.demo/
          curl http://%4$s/status      # names, peers, configuration
          curl http://%5$s/metrics
          $EDITOR %6$s      # the objects; saved changes are in force within a second
          tail -f %7$s      # what the peers say
        """,
        a.proxy(), b.proxy(), certificate.pem(), a.status(), b.status(), mesh.file(), mesh.log());
  }
}
