package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Links between the documents lead somewhere. */
final class LinksTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]*)(?:#([^)\\s]*))?\\)");

  @Test
  void everyLinkHasItsFileAndHeading() {
    int links = 0;
    for (Path document : Documents.all()) {
      Matcher link = LINK.matcher(Documents.prose(Documents.text(document)));
      while (link.find()) {
        if (link.group(1).contains("://")) {
          continue;
        }
        links++;
        Path target = link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1));
        assertThat(Files.exists(target)).as("%s: %s", document, link.group()).isTrue();
        if (link.group(2) != null) {
          assertThat(Documents.anchors(Documents.text(target)))
              .as("%s: %s", document, link.group())
              .contains(link.group(2));
        }
      }
    }
    assertThat(links).isGreaterThan(20);
  }
}
