package io.opsproxy.dataplane.config.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.problem.Problems;
import io.opsproxy.dataplane.config.problem.Source;
import io.opsproxy.dataplane.config.value.AccessLogVocabulary;
import io.opsproxy.dataplane.telemetry.AccessLogFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration may ask of the access log is what the access log can write. */
class AccessLogAgreementTest {
  private static boolean isAccepted(String format) {
    Problems problems = new Problems();
    AccessLogCheck.check(format, Source.file("config.yaml"), problems);
    return problems.errors() == 0;
  }

  private static boolean compiles(String format) {
    try {
      AccessLogFormat.text(format);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Test
  void everyOperatorThatThereIsIsAcceptedAndCanBeWritten() {
    assertThat(AccessLogVocabulary.all())
        .hasSizeGreaterThan(100)
        .allMatch(name -> isAccepted("%" + name + "%"))
        .allMatch(name -> compiles("%" + name + "%"));
  }

  @Test
  void timePatternsAreTheSame() {
    for (char c = ' '; c < 0x7f; c++) {
      if (c == ')') {
        continue; // ends the pattern
      }
      for (String pattern : List.of("%" + c, "%3" + c, "%Y " + c, "%Y %" + c + " %H")) {
        String format = "%START_TIME(" + pattern + ")%";
        assertThat(isAccepted(format)).as(format).isEqualTo(compiles(format));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "%DURATION:%",
        "%DURATION:5%",
        "%DURATION:x%",
        "%DURATION:99999999999%",
        "%DURATION",
        "%%",
        "%",
        "100%% %DURATION%",
        "%REQ(:METHOD):5%",
        "%REQ(a%b)%",
        "%REQ(a%",
        "%NO_SUCH%"
      })
  void mistakesAreTheSame(String format) {
    assertThat(isAccepted(format)).isEqualTo(compiles(format));
  }
}
