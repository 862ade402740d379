package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.config.value.BindAddress;
import io.opsproxy.dataplane.config.value.BindProblem;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.telemetry.Metrics;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets. Each stands for itself: an address that cannot be listened on is an error
 * of its listener, shown and tried again, and all others are in force. A socket whose address stays
 * is kept, so that no connection attempt is lost; a listener that moves to an address which cannot
 * be had goes on at the old one until it can. Any thread but an event loop.
 */
public final class Listeners {
  private static final Logger log = LoggerFactory.getLogger(Listeners.class);

  /**
   * What a socket is known by: its address, and where the system chooses the port, its listener.
   */
  private record Place(BindAddress address, String listener) {
    static Place of(ListenerConfig listener) {
      return new Place(listener.address(), listener.address().port() == 0 ? listener.name() : "");
    }
  }

  /** One bound address; what it does may change while it stays bound. */
  private static final class Bound {
    private Relay.Binding binding;
    private volatile ListenerConfig config;

    /** Takes the IPv4 clients of a socket that is otherwise for IPv6; may be null. */
    private volatile ListenerConfig ipv4;

    Bound(ListenerConfig config) {
      this.config = config;
    }

    BindAddress address() {
      return BindAddress.of(binding.address());
    }
  }

  /**
   * A listener whose address cannot be listened on.
   *
   * @param listener its name
   * @param problem why, and the way out
   */
  public record Down(String listener, BindProblem problem) {}

  private final Relay relay;
  private final ProxyServer server;
  private final Metrics metrics;
  private final BindRetry retry = new BindRetry(this::tryAgain);
  private List<ListenerConfig> wanted = List.of();

  /** Replaced whole, read by any thread. */
  private volatile Map<Place, Bound> bound = new LinkedHashMap<>();

  private final Map<Place, Down> down = new ConcurrentHashMap<>();
  private volatile Supplier<Map<String, InetSocketAddress>> others = Map::of;
  private final Set<String> measured = new HashSet<>();
  private boolean closed;

  public Listeners(Relay relay, ProxyServer server, Metrics metrics) {
    this.relay = relay;
    this.server = server;
    this.metrics = metrics;
  }

  /** Listens where this list says, as far as that can be done now; {@link #down} is the rest. */
  public synchronized void apply(List<ListenerConfig> listeners) {
    if (closed) {
      return;
    }
    wanted = List.copyOf(listeners);
    bindAll();
    measure();
    if (!down.isEmpty()) {
      retry.start();
    }
  }

  private synchronized boolean tryAgain() {
    if (!closed && !down.isEmpty()) {
      bindAll();
    }
    return closed || down.isEmpty();
  }

  private void bindAll() {
    Map<Place, Bound> old = new LinkedHashMap<>(bound);
    Map<Place, Bound> next = new LinkedHashMap<>();
    for (ListenerConfig listener : wanted) {
      Bound kept = old.remove(Place.of(listener));
      if (kept != null) {
        next.put(Place.of(listener), kept);
      }
    }
    Map<ListenerConfig, IOException> failed = new LinkedHashMap<>();
    for (ListenerConfig listener : wanted) {
      if (host(listener).isEmpty()) {
        try {
          Bound one = next.get(Place.of(listener));
          one = one != null ? one : bind(listener, old);
          one.config = listener;
          one.ipv4 = guest(listener).orElse(null);
          next.put(Place.of(listener), one);
          up(listener, one);
        } catch (IOException e) {
          failed.put(listener, e);
        }
      }
    }
    failed.forEach((listener, cause) -> failed(listener, cause, next));
    failed.keySet().forEach(listener -> goOnAtOldAddress(listener, old, next));
    Set<Place> places = new HashSet<>();
    wanted.forEach(listener -> places.add(Place.of(listener)));
    down.keySet().retainAll(places);
    bound = next;
    old.values().forEach(gone -> gone.binding.close());
  }

  /** What is not wanted any more makes room for it. */
  private Bound bind(ListenerConfig listener, Map<Place, Bound> old) throws IOException {
    try {
      return opened(listener);
    } catch (IOException e) {
      List<Bound> inTheWay =
          old.values().stream().filter(one -> one.address().overlaps(listener.address())).toList();
      if (inTheWay.isEmpty()) {
        throw e;
      }
      old.values().removeAll(inTheWay);
      inTheWay.forEach(one -> one.binding.close());
      try {
        return opened(listener);
      } catch (IOException again) {
        reopen(inTheWay, old);
        throw again;
      }
    }
  }

  /** It was closed for one that could not be had after all. */
  private void reopen(List<Bound> closedInVain, Map<Place, Bound> old) {
    for (Bound one : closedInVain) {
      try {
        old.put(Place.of(one.config), opened(one.config));
      } catch (IOException e) {
        log.warn("listener {} is gone: {}", one.config.name(), e.getMessage());
      }
    }
  }

  private Bound opened(ListenerConfig listener) throws IOException {
    Bound one = new Bound(listener);
    one.binding =
        relay.listen(
            listener.address().resolve(),
            new Relay.Acceptor() {
              @Override
              public void accepted(Stream stream) {
                Listeners.this.accepted(one, stream);
              }

              @Override
              public void refused() {
                server.refused();
              }
            });
    return one;
  }

  private void accepted(Bound one, Stream stream) {
    ListenerConfig listener = one.config;
    if (listener.address().ipv6Only()
        && stream.remoteAddress().getAddress() instanceof Inet4Address) {
      listener = one.ipv4;
    }
    if (listener == null) {
      // Java has no sockets for IPv6 alone, so this is as near to refusing it as it gets
      stream.abort();
    } else {
      server.accepted(listener, stream);
    }
  }

  /** The listener that takes its IPv4 clients, where both listen on all addresses of a family. */
  private Optional<ListenerConfig> guest(ListenerConfig host) {
    return host.address().ipv6Only()
        ? wanted.stream().filter(other -> host(other).filter(host::equals).isPresent()).findFirst()
        : Optional.empty();
  }

  /** The listener through whose socket it gets its clients, because one port has one socket. */
  private Optional<ListenerConfig> host(ListenerConfig guest) {
    BindAddress address = guest.address();
    return address.host().equals("0.0.0.0") && address.port() > 0
        ? wanted.stream()
            .filter(other -> other.address().ipv6Only())
            .filter(other -> other.address().isWildcard())
            .filter(other -> other.address().port() == address.port())
            .findFirst()
        : Optional.empty();
  }

  private void up(ListenerConfig listener, Bound one) {
    Down before = down.remove(Place.of(listener));
    if (before != null || !bound.containsValue(one)) {
      log.info("listener {} on {}", listener.name(), BindAddress.text(one.binding.address()));
    }
  }

  private void failed(ListenerConfig listener, IOException cause, Map<Place, Bound> next) {
    BindProblem problem = BindProblem.of(listener.address(), setting(listener), cause);
    Optional<String> holder = holder(listener.address(), next);
    if (holder.isPresent()) {
      problem =
          new BindProblem(
              "cannot listen on "
                  + listener.address()
                  + ": this process itself listens on "
                  + holder.get(),
              "choose another address with " + setting(listener) + ", or restart this peer");
    }
    Down now = new Down(listener.name(), problem);
    if (!now.equals(down.put(Place.of(listener), now))) {
      log.error(
          "listener {}: {}; tried again every {} s, everything else is in force",
          listener.name(),
          problem,
          BindRetry.INTERVAL.toSeconds());
    }
  }

  private Optional<String> holder(BindAddress address, Map<Place, Bound> next) {
    for (Bound one : next.values()) {
      if (one.address().overlaps(address)) {
        return Optional.of(one.address() + " for listener " + one.config.name());
      }
    }
    return others.get().entrySet().stream()
        .filter(other -> BindAddress.of(other.getValue()).overlaps(address))
        .map(other -> BindAddress.of(other.getValue()) + " for its " + other.getKey())
        .findFirst();
  }

  private static String setting(ListenerConfig listener) {
    return listener.name().equals(Config.PEER_LISTENER)
        ? "--bind-addr or peer.bind_addr"
        : "key address of listener " + listener.name();
  }

  /** What it had before is better than nothing. */
  private static void goOnAtOldAddress(
      ListenerConfig listener, Map<Place, Bound> old, Map<Place, Bound> next) {
    for (Map.Entry<Place, Bound> one : Map.copyOf(old).entrySet()) {
      if (one.getValue().config.name().equals(listener.name())) {
        old.remove(one.getKey());
        one.getValue().config = listener;
        next.put(one.getKey(), one.getValue());
        log.warn(
            "listener {} goes on at {} until then",
            listener.name(),
            BindAddress.text(one.getValue().binding.address()));
      }
    }
  }

  private void measure() {
    Set<String> names = new HashSet<>();
    wanted.forEach(listener -> names.add(listener.name()));
    for (String gone : Set.copyOf(measured)) {
      if (!names.contains(gone)) {
        metrics.unbind(Metric.LISTENER_UP, gone);
        measured.remove(gone);
      }
    }
    for (String name : names) {
      if (measured.add(name)) {
        metrics.bind(Metric.LISTENER_UP, () -> isDown(name) ? 0 : 1, name);
      }
    }
  }

  private boolean isDown(String name) {
    return down().stream().anyMatch(one -> one.listener().equals(name));
  }

  /** Those that are not listened on where they should be. */
  public List<Down> down() {
    return down.values().stream().sorted(Comparator.comparing(Down::listener)).toList();
  }

  /**
   * What else this process listens on, by what it is called, so that it is named where it is in the
   * way.
   */
  public void others(Supplier<Map<String, InetSocketAddress>> listening) {
    others = listening;
  }

  /** The real address of a listener, with the port that the system chose where 0 was asked for. */
  public InetSocketAddress address(String listenerName) {
    InetSocketAddress address = addresses().get(listenerName);
    if (address == null) {
      throw new IllegalArgumentException("no listener is named " + listenerName);
    }
    return address;
  }

  /** The real addresses by the listeners' names, in the order of the configuration. */
  public Map<String, InetSocketAddress> addresses() {
    Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
    for (Bound one : bound.values()) {
      addresses.put(one.config.name(), one.binding.address());
      ListenerConfig guest = one.ipv4;
      if (guest != null) {
        addresses.put(guest.name(), new InetSocketAddress("0.0.0.0", guest.address().port()));
      }
    }
    return addresses;
  }

  /** Stops accepting everywhere. */
  public synchronized void close() {
    closed = true;
    retry.close();
    bound.values().forEach(one -> one.binding.close());
    bound = new LinkedHashMap<>();
  }
}
