package io.opsproxy.dataplane.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ByteBudgetTest {
  private static final int KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final EventExecutor LOOP = ImmediateEventExecutor.INSTANCE;
  private final ByteBudget budget = new ByteBudget(100 * KIB);
  private final ByteBudget.Share share = budget.share(LOOP);
  private final List<String> gone = new ArrayList<>();

  private final class Named extends Holding {
    private final String name;

    Named(String name) {
      super(share);
      this.name = name;
    }

    Named with(int bytes) {
      charge(bytes);
      return this;
    }

    @Override
    protected void shed() {
      gone.add(name);
    }
  }

  @Test
  void withinTheLimitNobodyGoes() {
    Named a = new Named("a").with(60 * KIB);
    new Named("b").with(40 * KIB);
    assertThat(budget.used()).isEqualTo(100 * KIB);
    assertThat(gone).isEmpty();
    a.release(60 * KIB);
    assertThat(budget.used()).isEqualTo(40 * KIB);
  }

  @Test
  void beyondItTheLargestGoes() {
    new Named("small").with(20 * KIB);
    new Named("large").with(70 * KIB);
    new Named("last").with(20 * KIB);
    assertThat(gone).containsExactly("large");
    assertThat(budget.used()).isEqualTo(40 * KIB);
    assertThat(budget.shed()).isEqualTo(1);
  }

  @Test
  void whoIsTheLargestByWhatItJustGotGoesItself() {
    new Named("other").with(40 * KIB);
    new Named("greedy").with(30 * KIB).with(90 * KIB);
    assertThat(gone).containsExactly("greedy");
    assertThat(budget.used()).isEqualTo(40 * KIB);
  }

  @Test
  void ofSeveralThatAreAsLargeTheOneThatHasBeenSoTheLongestGoes() {
    Named first = new Named("first").with(1);
    new Named("second").with(30 * KIB);
    first.with(30 * KIB);
    new Named("third").with(30 * KIB);
    new Named("fourth").with(30 * KIB);
    assertThat(gone).containsExactly("second");
  }

  @Test
  void asManyGoAsMakeRoom() {
    for (int i = 0; i < 10; i++) {
      new Named("n" + i).with(10 * KIB);
    }
    new Named("large").with(35 * KIB);
    assertThat(gone).containsExactly("large");
    gone.clear();
    new Named("next").with(10 * KIB);
    assertThat(gone).containsExactly("n0");
  }

  @Test
  void manyThatHoldNextToNothingAreNotWorthIt() {
    for (int i = 0; i < 200; i++) {
      new Named("tiny").with(KIB);
    }
    assertThat(gone).isEmpty();
    assertThat(budget.used()).isEqualTo(200 * KIB);
  }

  @Test
  void whatAHoldingLetGoOfIsCountedNoMore() {
    Named a = new Named("a").with(120 * KIB);
    assertThat(gone).containsExactly("a");
    assertThat(budget.used()).isZero();
    a.release(50 * KIB);
    a.with(10 * KIB);
    assertThat(budget.used()).isZero();
    assertThat(share.holdings()).isEmpty();
  }

  @Test
  void readsGetSmallerAsItFills() {
    assertThat(budget.readLimit()).isEqualTo(256 * KIB);
    Named a = new Named("a").with(25 * KIB);
    assertThat(budget.readLimit()).isEqualTo(64 * KIB);
    a.with(25 * KIB);
    assertThat(budget.readLimit()).isEqualTo(16 * KIB);
    assertThat(budget.isTight()).isFalse();
    a.with(26 * KIB);
    assertThat(budget.isTight()).isTrue();
    assertThat(budget.readLimit()).isEqualTo(4 * KIB);
    a.release(76 * KIB);
    assertThat(budget.readLimit()).isEqualTo(256 * KIB);
  }

  @Test
  void theLimitFollowsWhatThereIs() {
    assertThat(ByteBudget.limit(64 * MIB, 64 * MIB, Long.MAX_VALUE)).isEqualTo(16 * MIB);
    assertThat(ByteBudget.limit(1024 * MIB, 64 * MIB, Long.MAX_VALUE)).isEqualTo(16 * MIB);
    assertThat(ByteBudget.limit(64 * MIB, 64 * MIB, 128 * MIB)).isEqualTo(8 * MIB);
    assertThat(ByteBudget.limit(16 * MIB, 4 * MIB, 16 * MIB)).isEqualTo(2 * MIB);
  }

  @Test
  void aContainersLimitIsReadInBothVersions(@TempDir Path cgroup) throws IOException {
    assertThat(ByteBudget.containerLimit(cgroup)).isEqualTo(Long.MAX_VALUE);
    Files.createDirectory(cgroup.resolve("memory"));
    Files.writeString(cgroup.resolve("memory/memory.limit_in_bytes"), "134217728\n");
    assertThat(ByteBudget.containerLimit(cgroup)).isEqualTo(128 * MIB);
    Files.writeString(cgroup.resolve("memory.max"), "max\n");
    assertThat(ByteBudget.containerLimit(cgroup)).isEqualTo(Long.MAX_VALUE);
    Files.writeString(cgroup.resolve("memory.max"), "268435456\n");
    assertThat(ByteBudget.containerLimit(cgroup)).isEqualTo(256 * MIB);
  }
}
