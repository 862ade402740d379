package io.opsproxy.operator;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, and rendering knows no client. */
final class ArchitectureTest {
  private static final String ROOT = "io.opsproxy.operator.";

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.opsproxy.operator");

  /** From the top: a room knows those after it only. */
  private static final List<String> CLUSTER_SIDE =
      List.of(
          "cli",
          "app",
          "service",
          "peer",
          "identity",
          "apply",
          "cluster",
          "observe",
          "render",
          "status");

  /** The same objects without a cluster. */
  private static final List<String> LOCAL_SIDE =
      List.of("cli", "demo", "local", "render", "status");

  @Test
  void roomsDependDownwardsOnly() {
    downwards(CLUSTER_SIDE);
    downwards(LOCAL_SIDE);
    apart(
        List.of("local", "demo"),
        List.of("app", "service", "peer", "identity", "apply", "cluster", "observe"));
  }

  private void downwards(List<String> rooms) {
    for (int i = 1; i < rooms.size(); i++) {
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage(ROOT + rooms.get(i))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(rooms.subList(0, i).stream().map(ROOT::concat).toArray(String[]::new))
          .check(classes);
    }
  }

  /** Neither side knows the other: what both need is rendered for both. */
  private void apart(List<String> some, List<String> others) {
    String[] a = some.stream().map(ROOT::concat).toArray(String[]::new);
    String[] b = others.stream().map(ROOT::concat).toArray(String[]::new);
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage(a)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(b)
        .check(classes);
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage(b)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(a)
        .check(classes);
  }

  @Test
  void everyPackageIsOneOfTheRooms() {
    Set<String> rooms =
        classes.stream()
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(rooms)
        .allMatch(
            one ->
                CLUSTER_SIDE.contains(one.substring(ROOT.length()))
                    || LOCAL_SIDE.contains(one.substring(ROOT.length())));
  }

  @Test
  void renderingKnowsNoClientAndNoNetty() {
    ArchRuleDefinition.noClasses()
        .that()
        .resideInAnyPackage(ROOT + "render", ROOT + "status")
        .should()
        .dependOnClassesThat()
        .haveFullyQualifiedName("io.fabric8.kubernetes.client.KubernetesClient")
        .orShould()
        .dependOnClassesThat()
        .resideInAnyPackage("io.netty..", "io.javaoperatorsdk..")
        .check(classes);
  }
}
