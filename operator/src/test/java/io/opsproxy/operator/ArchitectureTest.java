package io.opsproxy.operator;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import org.junit.jupiter.api.Test;

/** Dependencies point one way, and rendering knows no client. */
final class ArchitectureTest {
  private static final String ROOT = "io.opsproxy.operator.";

  private final JavaClasses classes =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.opsproxy.operator");

  @Test
  void packagesDependDownwardsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("cli")
        .definedBy(ROOT + "cli")
        .layer("reconcile")
        .definedBy(ROOT + "reconcile")
        .layer("observe")
        .definedBy(ROOT + "observe")
        .layer("demo")
        .definedBy(ROOT + "demo")
        .layer("local")
        .definedBy(ROOT + "local")
        .layer("render")
        .definedBy(ROOT + "render")
        .layer("status")
        .definedBy(ROOT + "status")
        .whereLayer("cli")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("reconcile")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("observe")
        .mayOnlyBeAccessedByLayers("reconcile")
        .whereLayer("demo")
        .mayOnlyBeAccessedByLayers("cli")
        .whereLayer("local")
        .mayOnlyBeAccessedByLayers("demo", "cli")
        .whereLayer("render")
        .mayOnlyBeAccessedByLayers("observe", "reconcile", "local", "demo", "cli")
        .whereLayer("status")
        .mayOnlyBeAccessedByLayers("render", "reconcile", "local", "cli")
        .check(classes);
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
