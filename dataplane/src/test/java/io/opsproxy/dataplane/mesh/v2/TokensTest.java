package io.opsproxy.dataplane.mesh.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opsproxy.dataplane.config.value.HostName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Tokens of data connections are good once, for their session and their kind. */
class TokensTest {
  private static final String SESSION = Tokens.random(16);
  private static final String KEY = Tokens.random(32);
  private final Tokens dialler = new Tokens(SESSION, KEY);
  private final Tokens acceptor = new Tokens(SESSION, KEY);

  @Test
  void isGoodOnce() {
    Message.Join join = dialler.next(true, false);
    assertThat(acceptor.take(join, false)).isTrue();
    assertThat(acceptor.take(join, false)).isFalse();
  }

  @Test
  void isGoodForNothingElse() {
    Message.Join join = dialler.next(true, false);
    assertThat(acceptor.take(join, true)).as("as the other kind").isFalse();
    assertThat(acceptor.take(new Message.Join(SESSION, join.number(), false, join.mac()), false))
        .as("for the other direction")
        .isFalse();
    assertThat(acceptor.take(new Message.Join(SESSION, 77, true, join.mac()), false))
        .as("with another number")
        .isFalse();
    assertThat(new Tokens(SESSION, Tokens.random(32)).take(join, false))
        .as("of another key")
        .isFalse();
    assertThat(acceptor.take(join, false)).as("untouched by all that").isTrue();
  }

  @Test
  void anOpenInTheClearIsGoodOnItsConnectionAndAsItIs() {
    Message.Open open =
        new Message.Open(
            HostName.pattern("web").orElseThrow(),
            "192.0.2.1:1",
            "",
            8,
            List.of("a"),
            "",
            "owner",
            "4f3a");
    Message.Open sealed = dialler.sealed(open, 5);
    assertThat(acceptor.isOpen(sealed, 5)).isTrue();
    assertThat(acceptor.isOpen(sealed, 6)).as("on another connection").isFalse();
    assertThat(acceptor.isOpen(open, 5)).as("without").isFalse();
    Message.Open other =
        new Message.Open(
            HostName.pattern("bank").orElseThrow(),
            "192.0.2.1:1",
            "",
            8,
            List.of("a"),
            sealed.mac(),
            "owner",
            "4f3a");
    assertThat(acceptor.isOpen(other, 5)).as("for another name").isFalse();
    Message.Open astray =
        new Message.Open(
            sealed.name(),
            "192.0.2.1:1",
            "",
            8,
            List.of("a"),
            sealed.mac(),
            "another owner",
            "4f3a");
    assertThat(acceptor.isOpen(astray, 5)).as("for another owner").isFalse();
  }

  @Test
  void mayComeInAnyOrderWithinTheWindow() {
    List<Message.Join> joins = new ArrayList<>();
    for (int i = 0; i < 2_000; i++) {
      joins.add(dialler.next(false, true));
    }
    Collections.shuffle(joins, new Random(3));
    assertThat(joins).allMatch(join -> acceptor.take(join, true));
    assertThat(joins).noneMatch(join -> acceptor.take(join, true));
  }

  @Test
  void oneThatIsTooOldIsRefused() {
    ReplayWindow window = new ReplayWindow();
    assertThat(window.take(10_000)).isTrue();
    assertThat(window.take(10_000 - ReplayWindow.WIDTH)).isFalse();
    assertThat(window.take(10_001 - ReplayWindow.WIDTH)).isTrue();
    assertThat(window.take(0)).isFalse();
    assertThat(window.take(-1)).isFalse();
  }

  @Test
  void theLineOfAConnectionInTheClearSaysTheSame() {
    Message.Join join = dialler.next(true, false);
    String line = new String(JoinLine.encode(join), StandardCharsets.US_ASCII);
    assertThat(line).endsWith("\n");
    assertThat(JoinLine.parse(line.substring(0, line.length() - 1))).contains(join);
    assertThat(JoinLine.parse("JOIN:a:b:c:d")).isEmpty();
    assertThat(JoinLine.parse("JOIN:a:1:mine")).isEmpty();
  }

  @Test
  void keysOfAnotherLengthAreNone() {
    assertThatThrownBy(() -> new Tokens(SESSION, "00"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Tokens("zz", KEY)).isInstanceOf(IllegalArgumentException.class);
  }
}
