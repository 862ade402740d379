package io.opsproxy.dataplane.cluster;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Looks names up off the event loops, with the system's resolver, so that {@code /etc/hosts} and
 * search domains hold. Concurrent questions for one name are asked once. Answers live for 5 s and,
 * when a later look-up fails, are used again: a name server that is away does not take down what
 * was resolved before.
 */
public final class Resolver {
  private static final int THREADS = 4;
  private static final int MAX_NAMES = 10_000;
  private static final long FRESH = TimeUnit.SECONDS.toNanos(5);

  /** The question to the system; another one in tests. */
  @FunctionalInterface
  public interface Lookup {
    /** All addresses of the name, in the order of preference. */
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /** The answer, on the loop that asked. */
  @FunctionalInterface
  public interface Answer {
    /**
     * @param addresses at least one, or empty when the look-up failed
     * @param problem null, or why it failed
     */
    void resolved(List<InetAddress> addresses, String problem);
  }

  private record Known(List<InetAddress> addresses, long at) {}

  private final Lookup lookup;
  private final LongSupplier nanos;
  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final Map<String, CompletableFuture<List<InetAddress>>> asking =
      new ConcurrentHashMap<>();
  private final ThreadPoolExecutor threads;

  static {
    // the JVM's own cache would hide a changed record from "looked up at each dial"
    Security.setProperty("networkaddress.cache.ttl", "0");
    Security.setProperty("networkaddress.cache.negative.ttl", "0");
  }

  public Resolver() {
    this(InetAddress::getAllByName, System::nanoTime);
  }

  Resolver(Lookup lookup, LongSupplier nanos) {
    this.lookup = lookup;
    this.nanos = nanos;
    AtomicInteger count = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_NAMES),
            task -> {
              Thread thread = new Thread(task, "dns-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /** The address of an IP literal, null for anything else. */
  public static InetAddress literal(String host) {
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
    try {
      return bytes == null ? null : InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      return null;
    }
  }

  /** An answer of the last 5 s will do. */
  public void resolve(String host, EventExecutor loop, Answer answer) {
    Known last = known.get(host);
    if (last != null && nanos.getAsLong() - last.at < FRESH) {
      answer.resolved(last.addresses, null);
    } else {
      ask(host, loop, answer, last == null ? List.of() : last.addresses);
    }
  }

  /** Asks the system, whatever is known. */
  public void resolveFresh(String host, EventExecutor loop, Answer answer) {
    ask(host, loop, answer, List.of());
  }

  private void ask(String host, EventExecutor loop, Answer answer, List<InetAddress> otherwise) {
    InetAddress literal = literal(host);
    if (literal != null) {
      answer.resolved(List.of(literal), null);
      return;
    }
    CompletableFuture<List<InetAddress>> future = new CompletableFuture<>();
    CompletableFuture<List<InetAddress>> running = asking.putIfAbsent(host, future);
    if (running == null) {
      running = future;
      try {
        threads.execute(() -> lookUp(host, future));
      } catch (RejectedExecutionException e) {
        asking.remove(host);
        future.completeExceptionally(
            new UnknownHostException(host + ": too many look-ups are waiting"));
      }
    }
    running.whenComplete(
        (addresses, problem) ->
            loop.execute(
                () -> {
                  if (problem == null) {
                    answer.resolved(addresses, null);
                  } else {
                    answer.resolved(
                        otherwise,
                        otherwise.isEmpty()
                            ? "cannot look up " + host + ": " + reason(host, problem)
                            : null);
                  }
                }));
  }

  private static String reason(String host, Throwable problem) {
    String message = problem.getMessage();
    if (message == null || message.equals(host)) {
      return "unknown host";
    }
    return message.startsWith(host + ": ") ? message.substring(host.length() + 2) : message;
  }

  private void lookUp(String host, CompletableFuture<List<InetAddress>> future) {
    try {
      List<InetAddress> addresses = new ArrayList<>(List.of(lookup.addresses(host)));
      if (known.size() >= MAX_NAMES) {
        known.clear();
      }
      known.put(host, new Known(List.copyOf(addresses), nanos.getAsLong()));
      asking.remove(host);
      future.complete(addresses);
    } catch (UnknownHostException | RuntimeException e) {
      asking.remove(host);
      future.completeExceptionally(e);
    }
  }
}
