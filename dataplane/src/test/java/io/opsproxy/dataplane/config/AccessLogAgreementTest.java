package io.opsproxy.dataplane.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.telemetry.AccessLogFormat;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a configuration may ask of the access log is what the access log can write. */
class AccessLogAgreementTest {
  private static boolean isAccepted(String format) {
    Problems problems = new Problems();
    AccessLogOperators.check(format, Source.file("config.yaml"), problems);
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

  /** All operators that a class lists in its constants. */
  private static Set<String> names(Class<?> operators) throws ReflectiveOperationException {
    Set<String> names = new TreeSet<>();
    for (Field field : operators.getDeclaredFields()) {
      field.setAccessible(true);
      Object value = field.get(null);
      if (value instanceof Map<?, ?> map) {
        map.keySet().forEach(name -> names.add((String) name));
      } else if (value instanceof Collection<?> list) {
        list.forEach(name -> names.add((String) name));
      }
    }
    return names;
  }

  @Test
  void everyOperatorThatIsAcceptedCanBeWritten() throws ReflectiveOperationException {
    Set<String> accepted = names(AccessLogOperators.class);
    assertThat(accepted).hasSizeGreaterThan(100);
    assertThat(accepted).allMatch(name -> isAccepted("%" + name + "%"));
    assertThat(accepted).filteredOn(name -> !compiles("%" + name + "%")).isEmpty();
  }

  @Test
  void everyOperatorThatCanBeWrittenIsAccepted() throws ReflectiveOperationException {
    Set<String> written =
        names(Class.forName("io.opsproxy.dataplane.telemetry.AccessLogOperators"));
    assertThat(written).hasSizeGreaterThan(100);
    assertThat(written).filteredOn(name -> !isAccepted("%" + name + "%")).isEmpty();
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
