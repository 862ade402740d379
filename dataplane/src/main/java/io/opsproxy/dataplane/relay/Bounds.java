package io.opsproxy.dataplane.relay;

/**
 * What a process shares among all that it does with sockets; its relays have one of these together.
 *
 * @param bytes held for connections that do not flow
 * @param descriptors of sockets
 */
public record Bounds(ByteBudget bytes, Descriptors descriptors) {

  /** By the memory and the file descriptors that this process may really use. */
  public static Bounds ofThisProcess() {
    return new Bounds(ByteBudget.ofThisProcess(), Descriptors.ofThisProcess());
  }
}
