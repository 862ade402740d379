package io.opsproxy.operator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code ops-proxy package}, and the launcher in what it makes: with a runtime that has no
 * compiler, and no Maven on the PATH.
 */
final class PackageTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
  private static final String NAME = "ops-proxy-1.2.3";

  @TempDir private static Path shared;
  private static Path checkout;
  private static Path unpacked;
  private static Path runtime;

  @TempDir private Path directory;

  private record Ran(int code, String out, String err) {}

  /** A build of the launcher's, of the classes that are tested. */
  @BeforeAll
  static void packs() throws Exception {
    checkout = Files.createDirectories(shared.resolve("checkout"));
    Files.copy(ROOT.resolve("ops-proxy"), checkout.resolve("ops-proxy"));
    assertThat(checkout.resolve("ops-proxy").toFile().setExecutable(true)).isTrue();
    Files.writeString(
        checkout.resolve("pom.xml"), "<project>\n  <version>1.2.3</version>\n</project>\n");
    Path build = Files.createDirectories(checkout.resolve("target/ops-proxy/one"));
    Files.writeString(build.resolveSibling("current"), "one\n");
    jar(build.resolve("dataplane/dataplane.jar"), "io.opsproxy.dataplane.cli.Main");
    jar(build.resolve("operator/operator.jar"), "io.opsproxy.operator.cli.Main");

    runtime = shared.resolve("runtime");
    run(
        shared,
        Map.of(),
        Path.of(System.getProperty("java.home"), "bin", "jlink").toString(),
        "--add-modules",
        "java.base,java.logging,java.management,java.naming,java.xml,java.net.http,"
            + "jdk.crypto.ec,jdk.httpserver,jdk.jfr,jdk.management,jdk.net,jdk.unsupported",
        "--output",
        runtime.toString());
    assertThat(runtime.resolve("bin/javac")).doesNotExist();

    Ran packed = launcher(checkout, "package", "--out", shared.toString());
    assertThat(packed.code).as(packed.err).isZero();
    Path archive = shared.resolve(NAME + ".tar.gz");
    assertThat(packed.out).isEqualTo(archive + "\n");
    assertThat(packed.err).contains("wrote " + archive + " (").contains(" MiB)");
    Path place = Files.createDirectories(shared.resolve("a place"));
    assertThat(run(place, Map.of(), "tar", "-xzf", archive.toString()).code).isZero();
    unpacked = place.resolve(NAME);
  }

  /** With all jars of the class path beside it, as a build has them. */
  private static void jar(Path file, String main) throws IOException {
    Path libraries = Files.createDirectories(file.resolveSibling("lib"));
    List<String> names = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path path = Path.of(entry);
      String name = path.getFileName().toString();
      if (Files.isRegularFile(path)) {
        Files.createSymbolicLink(libraries.resolve(name), path);
        names.add("lib/" + name);
      } else if (name.equals("classes")) {
        String module = path.getParent().getParent().getFileName() + ".jar";
        write(libraries.resolve(module), path, new Manifest());
        names.add("lib/" + module);
      }
    }
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.put(Attributes.Name.MAIN_CLASS, main);
    attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", names));
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.flush();
    }
  }

  private static void write(Path file, Path classes, Manifest manifest) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest);
        Stream<Path> all = Files.walk(classes)) {
      for (Path one : all.filter(Files::isRegularFile).sorted().toList()) {
        jar.putNextEntry(new JarEntry(classes.relativize(one).toString()));
        Files.copy(one, jar);
        jar.closeEntry();
      }
    }
  }

  private static Ran launcher(Path home, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(home.resolve("ops-proxy").toString()));
    command.addAll(List.of(arguments));
    return run(shared, environment(home), command.toArray(String[]::new));
  }

  /** In a package no variable keeps it from building: there is nothing to build it from. */
  private static Map<String, String> environment(Path home) throws IOException {
    Path tools = shared.resolve("bin");
    if (!Files.exists(tools)) {
      Files.createDirectories(tools);
      for (String tool :
          "bash cat chmod cmp cp date env find flock gzip kill ln mkdir mktemp mv readlink rm sleep sort tar touch wc"
              .split(" ")) {
        Optional<Path> found =
            Stream.of("/usr/bin", "/bin")
                .map(place -> Path.of(place, tool))
                .filter(Files::exists)
                .findFirst();
        if (found.isPresent()) {
          Files.createSymbolicLink(tools.resolve(tool), found.get());
        }
      }
    }
    Map<String, String> base = Map.of("PATH", tools.toString(), "HOME", shared.toString());
    return Stream.concat(
            base.entrySet().stream(),
            home.equals(checkout)
                ? Map.of("OPS_PROXY_NO_BUILD", "1").entrySet().stream()
                : Map.of("OPS_PROXY_JAVA_HOME", runtime.toString()).entrySet().stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private static Ran run(Path where, Map<String, String> environment, String... command)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(shared, "out", "");
    Path err = Files.createTempFile(shared, "err", "");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(where.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    if (!environment.isEmpty()) {
      builder.environment().clear();
      builder.environment().putAll(environment);
    }
    Process process = builder.start();
    try {
      assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  @Test
  void runsEveryCommandWithARuntimeAlone() throws Exception {
    Ran version = launcher(unpacked, "--version");
    assertThat(version.code).as(version.err).isZero();
    assertThat(version.out).startsWith("ops-proxy ");
    assertThat(version.err).isEmpty();
    for (String command :
        List.of("peer", "validate", "operator", "render", "up", "status", "why", "tail", "trust")) {
      Ran help = launcher(unpacked, command, "--help");
      assertThat(help.code).as(help.err).isZero();
      assertThat(help.out).startsWith("Usage: ops-proxy " + command);
      assertThat(help.err).isEmpty();
    }
    Path config = Files.writeString(directory.resolve("config.yaml"), "peer: {peer_name: a}\n");
    assertThat(launcher(unpacked, "validate", config.toString()).code).isZero();
    Files.writeString(config, "peer: {peer_nam: a}\n");
    assertThat(launcher(unpacked, "validate", config.toString()).code).isEqualTo(1);
    Path mesh =
        Files.writeString(
            directory.resolve("mesh.yaml"),
            "{apiVersion: opsproxy.io/v1alpha1, kind: ProxyPeer, metadata: {name: edge}, spec: {}}\n");
    Ran rendered = launcher(unpacked, "render", "-f", mesh.toString());
    assertThat(rendered.code).as(rendered.err).isZero();
    assertThat(rendered.out).contains("kind: \"Deployment\"");
    Ran trust = launcher(unpacked, "trust", "init", directory.resolve("trust").toString());
    assertThat(trust.code).as(trust.err).isZero();
  }

  @Test
  void runsAPeer() throws Exception {
    int port;
    int status;
    try (ServerSocket one = new ServerSocket(0);
        ServerSocket two = new ServerSocket(0)) {
      port = one.getLocalPort();
      status = two.getLocalPort();
    }
    ProcessBuilder builder =
        new ProcessBuilder(
                unpacked.resolve("ops-proxy").toString(),
                "--bind-addr=127.0.0.1:" + port,
                "--web.listen-address=127.0.0.1:" + status)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment(unpacked));
    Process peer = builder.start();
    try {
      HttpRequest ready =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + status + "/readyz")).build();
      await()
          .atMost(Duration.ofSeconds(60))
          .ignoreExceptions()
          .until(
              () ->
                  HttpClient.newHttpClient()
                          .send(ready, HttpResponse.BodyHandlers.discarding())
                          .statusCode()
                      == 200);
      peer.destroy();
      assertThat(peer.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      peer.destroyForcibly();
    }
  }

  @Test
  void isTheSameFileTheNextTime() throws Exception {
    Path again = directory.resolve("again.tgz");
    assertThat(launcher(checkout, "package", "--out=" + again).code).isZero();
    assertThat(again).hasSameBinaryContentAs(shared.resolve(NAME + ".tar.gz"));
    Files.writeString(again, "old");
    assertThat(launcher(checkout, "package", "--out=" + again).code).isZero();
    assertThat(again).hasSameBinaryContentAs(shared.resolve(NAME + ".tar.gz"));
    assertThat(directory.toFile().list()).containsExactly("again.tgz");
  }

  @Test
  void saysWhatItCannotDo() throws Exception {
    Ran again = launcher(unpacked, "package");
    assertThat(again.code).isEqualTo(2);
    assertThat(again.err).contains("is a package already: copy its directory");
    Ran test = launcher(unpacked, "test");
    assertThat(test.code).isEqualTo(2);
    assertThat(test.err).contains("in a checkout of the sources");
    assertThat(launcher(checkout, "package", "--out").code).isEqualTo(2);
    Ran unknown = launcher(checkout, "package", "--outt=x");
    assertThat(unknown.code).isEqualTo(2);
    assertThat(unknown.err).contains("unknown argument \"--outt=x\"").contains("--help");
    Ran nowhere = launcher(checkout, "package", "--out", directory.resolve("no/x").toString());
    assertThat(nowhere.code).isEqualTo(1);
    assertThat(nowhere.err).contains("could not write ");
    for (List<String> help : List.of(List.of("package", "--help"), List.of("help", "package"))) {
      Ran said = launcher(checkout, help.toArray(String[]::new));
      assertThat(said.code).isZero();
      assertThat(said.out).startsWith("Usage: ops-proxy package").contains("Exit codes: ");
    }
    Ran tests = launcher(checkout, "test", "--help");
    assertThat(tests.code).isZero();
    assertThat(tests.out.getBytes(StandardCharsets.UTF_8)).isNotEmpty();
    assertThat(tests.out).startsWith("Usage: ops-proxy test").contains("Exit codes: ");
  }
}
