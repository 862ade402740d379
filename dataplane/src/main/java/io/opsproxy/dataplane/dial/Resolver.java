package io.opsproxy.dataplane.dial;

import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Looks names up off the event loops, with the system's resolver, so that {@code /etc/hosts} and
 * search domains hold. Any thread; answers come on the loop that asked.
 *
 * <p>A name server that hangs costs nobody anything who asks for a name that was answered before:
 * the last answer is used at once, and one that is older than 5 s is refreshed behind it. Only a
 * name that nobody has asked for within a minute waits for its refresh, for up to half a second,
 * because its addresses may be somebody else's by now; then the old answer is used all the same.
 * Questions for one name are asked once, however many wait.
 *
 * <p>{@link Names} apart: those that clients bring have threads and places of their own, so that
 * they never take those of the configuration.
 */
public final class Resolver {

  /** Who brought a name. */
  public enum Names {
    /** The configuration: as many as it has. */
    CONFIGURED(16, 20_000, "dns"),
    /** Clients and peers: as many as they like, so few are remembered. */
    BROUGHT(4, 1_000, "dns-brought");

    private final int threads;
    private final int places;
    private final String prefix;

    Names(int threads, int places, String prefix) {
      this.threads = threads;
      this.places = places;
      this.prefix = prefix;
    }

    /** How many are looked up at the same time. */
    public int threads() {
      return threads;
    }

    /** How many are remembered. */
    public int places() {
      return places;
    }
  }

  private static final long FRESH = TimeUnit.SECONDS.toNanos(5);
  private static final long IN_USE = TimeUnit.SECONDS.toNanos(60);
  private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(500);

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

  /**
   * What is known of a name.
   *
   * @param age of the answer in use
   * @param problem null, or why the last refresh failed
   */
  public record Known(String host, List<InetAddress> addresses, Duration age, String problem) {}

  private final Lookup lookup;
  private final LongSupplier nanos;
  private final Map<Names, Room> rooms = new EnumMap<>(Names.class);

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
    for (Names names : Names.values()) {
      rooms.put(names, new Room(names));
    }
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

  /**
   * The addresses of a name, by the rules above. The answer may come before this returns. How long
   * it may take to come is the caller's to bound.
   */
  public void resolve(Names names, String host, EventExecutor loop, Answer answer) {
    InetAddress literal = literal(host);
    if (literal != null) {
      answer.resolved(List.of(literal), null);
    } else {
      rooms.get(names).name(host).ask(loop, answer);
    }
  }

  /** Asks the system, whatever is known; for those who follow a name of the configuration. */
  public void resolveFresh(String host, EventExecutor loop, Answer answer) {
    InetAddress literal = literal(host);
    if (literal != null) {
      answer.resolved(List.of(literal), null);
    } else {
      rooms.get(Names.CONFIGURED).name(host).askFresh(loop, answer);
    }
  }

  /** What is known of the names of the configuration that were asked for. */
  public Collection<Known> known() {
    return rooms.get(Names.CONFIGURED).names.values().stream()
        .filter(name -> !name.addresses.isEmpty())
        .map(Name::known)
        .toList();
  }

  private static String reason(String host, Throwable problem) {
    String message = problem.getMessage();
    if (message == null || message.equals(host)) {
      return "unknown host";
    }
    return message.startsWith(host + ": ") ? message.substring(host.length() + 2) : message;
  }

  /** The names of one kind, and the threads that look them up. */
  private final class Room {
    private final ConcurrentMap<String, Name> names = new ConcurrentHashMap<>();
    private final ThreadPoolExecutor threads;
    private final int places;

    Room(Names kind) {
      places = kind.places;
      AtomicInteger count = new AtomicInteger();
      threads =
          new ThreadPoolExecutor(
              kind.threads,
              kind.threads,
              10,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(kind.places),
              task -> {
                Thread thread = new Thread(task, kind.prefix + "-" + count.incrementAndGet());
                thread.setDaemon(true);
                return thread;
              });
      threads.allowCoreThreadTimeOut(true);
    }

    Name name(String host) {
      Name known = names.get(host);
      if (known == null) {
        if (names.size() >= places) {
          forgetTheLongestUnused();
        }
        known = names.computeIfAbsent(host, unknown -> new Name(this, unknown));
      }
      return known;
    }

    /** A quarter of the places at a time, so that this is seldom. */
    private void forgetTheLongestUnused() {
      long now = nanos.getAsLong();
      names.values().stream()
          .sorted((a, b) -> Long.compare(now - b.usedAt, now - a.usedAt))
          .limit(Math.max(1, places / 4))
          .forEach(name -> names.remove(name.host, name));
    }
  }

  /** One name: its last answer, and who waits for the next. */
  private final class Name {
    private final Room room;
    private final String host;
    private volatile List<InetAddress> addresses = List.of();
    private volatile long answeredAt;
    private volatile long usedAt = nanos.getAsLong();
    private volatile String lastProblem;

    /** Null while nobody asks the system. */
    private Question question;

    private long askedAt;

    Name(Room room, String host) {
      this.room = room;
      this.host = host;
    }

    Known known() {
      return new Known(
          host, addresses, Duration.ofNanos(nanos.getAsLong() - answeredAt), lastProblem);
    }

    void ask(EventExecutor loop, Answer answer) {
      long now = nanos.getAsLong();
      List<InetAddress> last = addresses;
      long unused = now - usedAt;
      usedAt = now;
      if (last.isEmpty()) {
        question(now).await(loop, answer, last);
      } else if (now - answeredAt < FRESH) {
        answer.resolved(last, null);
      } else if (unused < IN_USE || now - answeredAt < IN_USE) {
        refresh(now);
        answer.resolved(last, null);
      } else {
        question(now).awaitShortly(loop, answer, last);
      }
    }

    void askFresh(EventExecutor loop, Answer answer) {
      usedAt = nanos.getAsLong();
      question(usedAt).await(loop, answer, List.of());
    }

    /**
     * At most once in {@link #FRESH}, so that a name server in trouble is not asked all the time.
     */
    private synchronized void refresh(long now) {
      if (question == null && now - askedAt >= FRESH) {
        question(now);
      }
    }

    private synchronized Question question(long now) {
      if (question == null) {
        Question asked = new Question();
        question = asked;
        askedAt = now;
        try {
          room.threads.execute(() -> lookUp(asked));
        } catch (RejectedExecutionException e) {
          settle(asked, null, new UnknownHostException(host + ": too many look-ups are waiting"));
        }
      }
      return question == null ? Question.failed(this) : question;
    }

    private void lookUp(Question asked) {
      try {
        settle(asked, List.of(lookup.addresses(host)), null);
      } catch (UnknownHostException | RuntimeException e) {
        settle(asked, null, e);
      }
    }

    private void settle(Question asked, List<InetAddress> found, Exception failure) {
      synchronized (this) {
        question = null;
        lastProblem =
            failure == null ? null : "cannot look up " + host + ": " + reason(host, failure);
        if (found != null && !found.isEmpty()) {
          addresses = found;
          answeredAt = nanos.getAsLong();
        }
      }
      asked.answered(found == null ? List.of() : found, lastProblem);
    }
  }

  /** A question that the system is asked now, and those who wait for its answer. */
  private static final class Question {
    private final List<Waiter> waiters = new ArrayList<>();
    private boolean over;
    private List<InetAddress> found = List.of();
    private String problem;

    static Question failed(Name name) {
      Question failed = new Question();
      failed.answered(List.of(), name.lastProblem);
      return failed;
    }

    void await(EventExecutor loop, Answer answer, List<InetAddress> otherwise) {
      add(new Waiter(loop, answer, otherwise));
    }

    void awaitShortly(EventExecutor loop, Answer answer, List<InetAddress> otherwise) {
      Waiter waiter = new Waiter(loop, answer, otherwise);
      waiter.patience = loop.schedule(waiter::isPatientNoMore, PATIENCE, TimeUnit.NANOSECONDS);
      add(waiter);
    }

    private void add(Waiter waiter) {
      synchronized (this) {
        if (!over) {
          waiters.add(waiter);
          return;
        }
      }
      waiter.tell(found, problem);
    }

    void answered(List<InetAddress> addresses, String why) {
      synchronized (this) {
        over = true;
        found = addresses;
        problem = why;
      }
      waiters.forEach(waiter -> waiter.tell(addresses, why));
    }
  }

  private static final class Waiter {
    private final EventExecutor loop;
    private final Answer answer;
    private final List<InetAddress> otherwise;
    private ScheduledFuture<?> patience;
    private boolean told;

    Waiter(EventExecutor loop, Answer answer, List<InetAddress> otherwise) {
      this.loop = loop;
      this.answer = answer;
      this.otherwise = otherwise;
    }

    void tell(List<InetAddress> found, String problem) {
      if (!loop.isShuttingDown()) {
        loop.execute(
            () -> {
              if (patience != null) {
                patience.cancel(false);
              }
              answer(found.isEmpty() ? otherwise : found, problem);
            });
      }
    }

    void isPatientNoMore() {
      answer(otherwise, null);
    }

    private void answer(List<InetAddress> addresses, String problem) {
      if (!told) {
        told = true;
        answer.resolved(addresses, addresses.isEmpty() ? problem : null);
      }
    }
  }
}
