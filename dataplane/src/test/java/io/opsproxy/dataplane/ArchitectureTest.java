package io.opsproxy.dataplane;

import static com.tngtech.archunit.core.importer.ImportOption.Predefined.DO_NOT_INCLUDE_TESTS;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Dependencies point one way: from the top of {@link #LAYERS} to its bottom. */
final class ArchitectureTest {
  private static final String ROOT = "io.opsproxy.dataplane.";

  /** Each package may use those after it, and none before it. */
  private static final List<String> LAYERS =
      List.of(
          "cli",
          "peer",
          "view",
          "why",
          "admin",
          "mesh",
          "trust",
          "proxy",
          "cluster",
          "dial",
          "relay",
          "route",
          "sniff",
          "telemetry",
          "config");

  /** The rooms of a package: each may use those after it, none before it, and none the package. */
  private static final List<String> ROOMS_OF_MESH =
      List.of("mesh.v1", "mesh.v2", "mesh.link", "mesh.stream", "mesh.names");

  private static final List<String> ROOMS_OF_TRUST = List.of("trust.issue");

  private static final List<String> ROOMS_OF_CONFIG =
      List.of(
          "config.load",
          "config.write",
          "config.envoy",
          "config.read",
          "config.schema",
          "config.yaml",
          "config.model",
          "config.problem",
          "config.value");

  private final JavaClasses all =
      new ClassFileImporter()
          .withImportOption(DO_NOT_INCLUDE_TESTS)
          .importPackages("io.opsproxy.dataplane");

  @Test
  void packagesDependDownwardsOnly() {
    for (int i = 1; i < LAYERS.size(); i++) {
      String[] above =
          LAYERS.subList(0, i).stream().map(layer -> ROOT + layer + "..").toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + LAYERS.get(i) + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .check(all);
    }
  }

  @Test
  void everyPackageHasAPlace() {
    String[] known =
        Stream.of(LAYERS, ROOMS_OF_MESH, ROOMS_OF_TRUST, ROOMS_OF_CONFIG)
            .flatMap(List::stream)
            .filter(layer -> !layer.equals("config"))
            .map(layer -> ROOT + layer)
            .toArray(String[]::new);
    classes().should().resideInAnyPackage(known).check(all);
    assertThat(all).isNotEmpty();
  }

  @Test
  void roomsOfTheMeshDependDownwardsOnly() {
    dependDownwardsOnly("mesh", ROOMS_OF_MESH);
  }

  @Test
  void roomsOfTheConfigurationDependDownwardsOnly() {
    dependDownwardsOnly("config", ROOMS_OF_CONFIG);
    slices().matching(ROOT + "config.(*)..").should().beFreeOfCycles().check(all);
  }

  private void dependDownwardsOnly(String of, List<String> rooms) {
    for (int i = 0; i < rooms.size(); i++) {
      String[] above =
          Stream.concat(Stream.of(of), rooms.subList(0, i).stream())
              .map(room -> ROOT + room)
              .toArray(String[]::new);
      noClasses()
          .that()
          .resideInAPackage(ROOT + rooms.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(above)
          .check(all);
    }
  }

  /** What is written back knows nothing of how it is read. */
  @Test
  void writersAndReadersOfTheConfigurationStandApart() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "config.write..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(ROOT + "config.read..", ROOT + "config.envoy..")
        .check(all);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(all);
  }

  /** The operator uses it alone. */
  @Test
  void configStandsAlone() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "config..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "io.micrometer..", "ch.qos..", ROOT + "telemetry..")
        .check(all);
  }

  /** A peer never loads what issues: it is large, and nothing that a peer does. */
  @Test
  void onlyIssuingKnowsTheLibraryThatIssues() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "trust.issue")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.bouncycastle..")
        .check(all);
    noClasses()
        .that()
        .resideOutsideOfPackages(ROOT + "trust.issue", ROOT + "cli")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "trust.issue")
        .check(all);
  }

  @Test
  void parsersArePure() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "sniff..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "java.nio.channels..", "java.io..", "org.slf4j..")
        .check(all);
  }

  /** Another relay can only be put beside the first while nobody reaches around the interface. */
  @Test
  void onlyTheRelayKnowsChannels() {
    noClasses()
        .that()
        .resideInAnyPackage(ROOT + "proxy..", ROOT + "mesh..", ROOT + "cluster..", ROOT + "dial..")
        .should()
        .dependOnClassesThat()
        .haveNameMatching(".*\\.relay\\.(ChannelRelay|KernelRelay|Relays)")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.netty.channel.socket..",
            "io.netty.channel.nio..",
            "io.netty.channel.epoll..",
            "io.netty.channel.unix..",
            "io.netty.bootstrap..")
        .check(all);
  }

  @Test
  void onlyTelemetryNamesMetrics() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "telemetry..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.micrometer..", "io.prometheus..")
        .check(all);
  }
}
