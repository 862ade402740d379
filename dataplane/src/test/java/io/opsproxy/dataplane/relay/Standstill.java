package io.opsproxy.dataplane.relay;

import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** True once a value above zero was the same at three looks in a row. */
final class Standstill implements Callable<Boolean> {
  private final Supplier<Integer> value;
  private int last = -1;
  private int same;

  Standstill(Supplier<Integer> value) {
    this.value = value;
  }

  @Override
  public Boolean call() {
    int now = value.get();
    same = now == last && now > 0 ? same + 1 : 0;
    last = now;
    return same >= 3;
  }
}
