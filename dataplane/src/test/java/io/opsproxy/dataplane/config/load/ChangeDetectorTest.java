package io.opsproxy.dataplane.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangeDetectorTest {
  /** Each letter is the state of the file at one look; a capital is a look that must act. */
  @ParameterizedTest
  @CsvSource({
    "aaaa, nothing changes",
    "abBbbb, a change is acted upon once it has been the same twice",
    "abcCcc, a second write while the first settles",
    "abcdEe, at the third look after the first sign at the latest",
    "abcdEfghIi, and the rest of a change that goes on is a change of its own",
    "abaAa, there and back: the content decides whether that was one",
    "abBcC, two changes in a row",
  })
  void acts(String looks, String why) {
    ChangeDetector detector = new ChangeDetector(one(state('a')));
    StringBuilder seen = new StringBuilder();
    for (int i = 0; i < looks.length(); i++) {
      char state = Character.toLowerCase(looks.charAt(i));
      seen.append(detector.look(one(state(state))) ? Character.toUpperCase(state) : state);
    }
    assertThat(seen).as(why).hasToString(looks);
  }

  @Test
  void aContentThatWasNotReadIsNoDifference() {
    FileState young = new FileState(Path.of("/f"), 1, 1, FileTime.fromMillis(0), "x");
    FileState old = new FileState(Path.of("/f"), 1, 1, FileTime.fromMillis(0), "");
    FileState other = new FileState(Path.of("/f"), 1, 1, FileTime.fromMillis(0), "y");
    assertThat(young.sameAs(old)).isTrue();
    assertThat(old.sameAs(other)).isTrue();
    assertThat(young.sameAs(other)).isFalse();
  }

  @Test
  void aChangeOfAnyFileIsAChange() {
    FileStates two = new FileStates(List.of(state('a'), state('b')));
    assertThat(two.sameAs(new FileStates(List.of(state('a'), state('b'))))).isTrue();
    assertThat(two.sameAs(new FileStates(List.of(state('a'), state('c'))))).isFalse();
    assertThat(two.sameAs(one(state('a')))).isFalse();
    assertThat(two.sameAs(FileStates.UNKNOWN)).isFalse();
  }

  private static FileStates one(FileState state) {
    return new FileStates(List.of(state));
  }

  private static FileState state(char letter) {
    return new FileState(Path.of("/config"), letter, 1, FileTime.fromMillis(0), "");
  }
}
