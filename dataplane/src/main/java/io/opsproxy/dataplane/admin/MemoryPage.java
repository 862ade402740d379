package io.opsproxy.dataplane.admin;

import io.netty.util.internal.PlatformDependent;

/** {@code /memory}: Envoy's {@code admin.v3.Memory}, of the heap. */
final class MemoryPage {
  private MemoryPage() {}

  /** Bytes of the heap in use, what nobody refers to any more included. */
  static long used() {
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  static Page render() {
    long heap = Runtime.getRuntime().totalMemory();
    long used = used();
    long direct = Math.max(0, PlatformDependent.usedDirectMemory());
    return new JsonTree()
        .put("allocated", text(used))
        .put("heap_size", text(heap))
        .put("pageheap_unmapped", text(0))
        .put("pageheap_free", text(heap - used))
        .put("total_thread_cache", text(0))
        .put("total_physical_bytes", text(heap + direct))
        .page();
  }

  /** 64-bit numbers are strings in the JSON of protobuf. */
  private static String text(long number) {
    return Long.toString(number);
  }
}
