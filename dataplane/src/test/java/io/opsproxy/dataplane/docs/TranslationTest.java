package io.opsproxy.dataplane.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Both READMEs show the same, and lead to the same pages. */
final class TranslationTest {
  private static final Pattern BLOCK =
      Pattern.compile("^```.*?^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PAGE =
      Pattern.compile("\\]\\(((?!README)[^)#\\s]+(?:#[a-z_-]+)?)\\)");

  private final String english = Documents.text(Documents.file("README.md"));
  private final String chinese = Documents.text(Documents.file("README.zh-CN.md"));

  @Test
  void bothShowTheSameCommandsAndFiles() {
    assertThat(all(BLOCK, chinese)).isEqualTo(all(BLOCK, english)).hasSizeGreaterThan(10);
  }

  @Test
  void bothHaveTheSamePartsAndPages() {
    Pattern heading = Pattern.compile("(?m)^## ");
    assertThat(all(heading, chinese)).hasSameSizeAs(all(heading, english));
    assertThat(all(PAGE, chinese)).isEqualTo(all(PAGE, english)).hasSizeGreaterThan(10);
  }

  private static List<String> all(Pattern pattern, String text) {
    List<String> found = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found.add(matcher.group());
    }
    return found;
  }
}
