package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the launcher says of a build, with a Maven that builds nothing. */
class LauncherBuildTest {
  private static final String BUILDS =
      """
      #!/bin/sh
      echo '[INFO] Building One 0.1.0                  [1/2]'
      echo '[INFO] Building jar: /a/b.jar'
      echo '[INFO] Building Two words 0.1.0            [2/2]'
      mkdir -p dataplane/target/lib && : >dataplane/target/dataplane.jar
      echo '[INFO] BUILD SUCCESS'
      """;
  private static final String FAILS =
      """
      #!/bin/sh
      echo '[INFO] Building One 0.1.0                  [1/2]'
      echo '[ERROR] One.java: no such thing'
      echo '[INFO] BUILD FAILURE'
      exit 1
      """;

  @TempDir private Path directory;
  private final Map<String, String> variables = new HashMap<>();

  @BeforeEach
  void checkout() throws IOException {
    Files.copy(Documents.root().resolve("ops-proxy"), directory.resolve("ops-proxy"));
    assertThat(directory.resolve("ops-proxy").toFile().setExecutable(true)).isTrue();
    Files.writeString(directory.resolve("pom.xml"), "<version>0.1.0</version>");
    Files.createDirectories(directory.resolve("dataplane/src/main"));
    Files.writeString(directory.resolve("dataplane/pom.xml"), "");
    Files.createDirectories(directory.resolve("bin"));
    variables.put("PATH", directory.resolve("bin") + ":" + System.getenv("PATH"));
    variables.put("OPS_PROXY_JAVA_HOME", System.getProperty("java.home"));
  }

  /** What it says on standard error; a jar without a program follows, and fails. */
  private List<String> start(String maven) throws Exception {
    Path program = Files.writeString(directory.resolve("bin/mvn"), maven);
    assertThat(program.toFile().setExecutable(true)).isTrue();
    Path err = directory.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(directory.resolve("ops-proxy").toString(), "--version")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(err.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("OPS_PROXY_"));
    builder.environment().remove("JAVA_HOME");
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readAllLines(err).stream().filter(line -> !line.startsWith("Error: ")).toList();
  }

  @Test
  void saysHowLongAFirstBuildTakesAndEachModule() throws Exception {
    List<String> said = start(BUILDS);
    assertThat(said.get(0))
        .startsWith("ops-proxy: building with JDK ")
        .endsWith("; the first time this takes 1 to 5 minutes");
    assertThat(said.get(1)).matches("ops-proxy:   One, \\d+ s");
    assertThat(said.get(2)).matches("ops-proxy:   Two words, \\d+ s");
    assertThat(said).hasSize(3);
    Files.writeString(directory.resolve("dataplane/pom.xml"), "changed");
    assertThat(start(BUILDS).get(0)).doesNotContain("first time");
  }

  @Test
  void saysNothingWhenItIsToBeQuiet() throws Exception {
    variables.put("OPS_PROXY_QUIET", "1");
    assertThat(start(BUILDS)).isEmpty();
  }

  /** As MAVEN_ARGS=-q does. */
  @Test
  void endsWithAMavenThatSaysNothing() throws Exception {
    assertThat(start(BUILDS.replaceAll("echo .*\n", ""))).hasSize(1);
  }

  @Test
  void saysWhyABuildFailedEvenThen() throws Exception {
    variables.put("OPS_PROXY_QUIET", "1");
    assertThat(start(FAILS))
        .hasSize(2)
        .contains("[ERROR] One.java: no such thing")
        .last()
        .asString()
        .startsWith("ops-proxy: the build failed (JDK ");
  }

  @Test
  void saysThatJavaHomeIsPassedOver() throws Exception {
    variables.remove("OPS_PROXY_JAVA_HOME");
    variables.put("JAVA_HOME", directory.toString());
    assertThat(start(BUILDS).get(1))
        .startsWith("ops-proxy: JAVA_HOME=" + directory + " is passed over: it is no JDK 17");
  }
}
