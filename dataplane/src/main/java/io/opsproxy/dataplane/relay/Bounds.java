package io.opsproxy.dataplane.relay;

/**
 * What a process shares among all that it does with sockets; its relays have one of these together.
 *
 * @param bytes held for connections that do not flow
 * @param descriptors of sockets
 * @param listening where this process accepts connections
 */
public record Bounds(ByteBudget bytes, Descriptors descriptors, ListeningSockets listening) {

  /** By the memory and the file descriptors that this process may really use. */
  public static Bounds ofThisProcess() {
    return new Bounds(
        ByteBudget.ofThisProcess(), Descriptors.ofThisProcess(), new ListeningSockets());
  }
}
