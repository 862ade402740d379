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
    return JsonText.page(
        json -> {
          long heap = Runtime.getRuntime().totalMemory();
          json.writeStartObject();
          // 64-bit numbers are strings in the JSON of protobuf
          json.writeStringField("allocated", Long.toString(used()));
          json.writeStringField("heap_size", Long.toString(heap));
          json.writeStringField("pageheap_unmapped", "0");
          json.writeStringField("pageheap_free", Long.toString(heap - used()));
          json.writeStringField("total_thread_cache", "0");
          json.writeStringField(
              "total_physical_bytes",
              Long.toString(heap + Math.max(0, PlatformDependent.usedDirectMemory())));
          json.writeEndObject();
        });
  }
}
