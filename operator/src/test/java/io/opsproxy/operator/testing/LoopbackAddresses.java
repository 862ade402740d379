package io.opsproxy.operator.testing;

import java.util.concurrent.atomic.AtomicInteger;

/** Addresses of pods: 127.a.b.c, where a and b follow from the process id of this JVM. */
final class LoopbackAddresses {
  private static final AtomicInteger GIVEN = new AtomicInteger();

  private LoopbackAddresses() {}

  /** One that no other of the last 250 pods of this JVM has. */
  static String next() {
    long jvm = ProcessHandle.current().pid();
    return "127.%d.%d.%d"
        .formatted(66 + jvm / 256 % 128, jvm % 256, 1 + GIVEN.getAndIncrement() % 250);
  }
}
