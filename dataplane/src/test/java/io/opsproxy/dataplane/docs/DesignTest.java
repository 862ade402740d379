package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The design names things that are there, and stays short enough to be read. */
final class DesignTest {
  private static final String CODE = "dataplane/src/main/java/io/opsproxy/dataplane";
  private static final String TESTS = "dataplane/src/test/java/io/opsproxy/dataplane";
  private static final Pattern FILE_NAME =
      Pattern.compile("`([\\w./-]+\\.(?:java|xml|json|md|sh))`");
  private static final Pattern PACKAGE_ROW =
      Pattern.compile("^\\| `([a-z]+)` \\|", Pattern.MULTILINE);

  /** "Two pages": what a newcomer reads in one go. */
  private static final int TWO_PAGES = 1200;

  @Test
  void everyFileThatIsNamedExists() throws IOException {
    Set<String> tests = new HashSet<>();
    try (Stream<Path> walk = Files.walk(Documents.file(TESTS))) {
      walk.forEach(path -> tests.add(path.getFileName().toString()));
    }
    int named = 0;
    for (Path document : Documents.design()) {
      Matcher name = FILE_NAME.matcher(Documents.text(document));
      while (name.find()) {
        named++;
        String file = name.group(1);
        boolean found =
            Files.isRegularFile(Documents.file(CODE).resolve(file))
                || Files.isRegularFile(Documents.file(file))
                || tests.contains(file);
        assertThat(found).as("%s names %s", document.getFileName(), file).isTrue();
      }
    }
    assertThat(named).isGreaterThan(40);
  }

  @Test
  void fiveQuestionsAreAnsweredWithFiles() {
    String architecture = Documents.text(Documents.file("design/architecture.md"));
    for (String question :
        List.of(
            "a connection accepted",
            "back-pressure",
            "the route decided",
            "the configuration checked",
            "a metric named")) {
      assertThat(architecture)
          .containsPattern("(?m)^\\| " + question + "\\? \\| `[a-z/]+/\\w+\\.java`");
    }
  }

  @Test
  void everyPackageIsDescribedAndNoOther() throws IOException {
    String architecture = Documents.text(Documents.file("design/architecture.md"));
    String section = architecture.split("(?m)^## ")[2];
    assertThat(section).startsWith("Packages");
    List<String> described = new ArrayList<>();
    Matcher row = PACKAGE_ROW.matcher(section);
    while (row.find()) {
      described.add(row.group(1));
    }
    try (Stream<Path> packages = Files.list(Documents.file(CODE))) {
      assertThat(described)
          .containsExactlyInAnyOrderElementsOf(
              packages.map(path -> path.getFileName().toString()).toList());
    }
  }

  @Test
  void theWayInIsTwoPagesAndADecisionIsTwentyLines() {
    String architecture = Documents.text(Documents.file("design/architecture.md"));
    assertThat(architecture.split("\\s+").length).isLessThan(TWO_PAGES);
    for (Path document : Documents.design()) {
      if (document.getParent().endsWith("decisions")) {
        assertThat(Documents.text(document).lines().count())
            .as(document.toString())
            .isLessThanOrEqualTo(20);
      }
    }
  }
}
