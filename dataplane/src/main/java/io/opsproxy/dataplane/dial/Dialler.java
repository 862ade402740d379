package io.opsproxy.dataplane.dial;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.relay.DialOptions;
import io.opsproxy.dataplane.relay.Relay;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * How destinations are dialled: the one way from a host and a port to a stream, for backends, for
 * DATA connections, and for checks. Any thread; each attempt belongs to its loop.
 */
public final class Dialler {
  private final Relay relay;
  private final Resolver resolver;
  private final Resolver.Names names;
  private final Duration timeout;
  private final DialOptions options;
  private final AddressMemory memory = new AddressMemory(System::nanoTime);
  private final AtomicInteger turn = new AtomicInteger();

  /**
   * @param names who brought the destinations
   * @param timeout limit of a whole connect, its look-up included
   */
  public Dialler(
      Relay relay, Resolver resolver, Resolver.Names names, Duration timeout, DialOptions options) {
    this.relay = relay;
    this.resolver = resolver;
    this.names = names;
    this.timeout = timeout;
    this.options = options;
  }

  /** An attempt that takes any address, to be started on {@code loop}. */
  public Dialling to(Destination destination, EventExecutor loop, Dialling.Listener listener) {
    return to(destination, address -> true, loop, listener);
  }

  /**
   * An attempt that takes only addresses that are allowed.
   *
   * @param allowed decides over each address after the look-up, so that a name cannot lead where it
   *     must not
   */
  public Dialling to(
      Destination destination,
      Predicate<InetAddress> allowed,
      EventExecutor loop,
      Dialling.Listener listener) {
    return new Dialling(this, destination, allowed, loop, listener);
  }

  Relay relay() {
    return relay;
  }

  Resolver resolver() {
    return resolver;
  }

  Resolver.Names names() {
    return names;
  }

  Duration timeout() {
    return timeout;
  }

  DialOptions options() {
    return options;
  }

  AddressMemory memory() {
    return memory;
  }

  int nextTurn() {
    return turn.getAndIncrement();
  }
}
