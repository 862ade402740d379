package io.opsproxy.dataplane.proxy;

import io.opsproxy.dataplane.config.BindAddress;
import io.opsproxy.dataplane.config.ListenerConfig;
import io.opsproxy.dataplane.relay.Relay;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The listening sockets. A change is prepared whole before anything of it happens: new addresses
 * are bound first, and when one cannot be bound none of the change takes place. A socket whose
 * address stays is kept, so that no connection attempt is lost.
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
    private volatile ListenerConfig config;
    private Relay.Binding binding;

    Bound(ListenerConfig config) {
      this.config = config;
    }
  }

  /** New sockets that wait for their configuration to be put in force, or not. */
  public final class Change {
    private final List<ListenerConfig> wanted;
    private final Map<Place, Bound> fresh;

    private Change(List<ListenerConfig> wanted, Map<Place, Bound> fresh) {
      this.wanted = wanted;
      this.fresh = fresh;
    }

    /** Puts the change in force and closes the sockets that are no longer wanted. */
    public void commit() {
      Map<Place, Bound> next = new LinkedHashMap<>();
      for (ListenerConfig listener : wanted) {
        Bound kept =
            fresh.containsKey(Place.of(listener))
                ? fresh.get(Place.of(listener))
                : bound.get(Place.of(listener));
        kept.config = listener;
        next.put(Place.of(listener), kept);
      }
      Map<Place, Bound> old = new HashMap<>(bound);
      old.keySet().removeAll(next.keySet());
      bound = next;
      old.values().forEach(gone -> gone.binding.close());
    }

    /** Closes the new sockets; the old ones go on. */
    public void rollBack() {
      fresh.values().forEach(one -> one.binding.close());
    }
  }

  private final Relay relay;
  private final ProxyServer server;
  private Map<Place, Bound> bound = new LinkedHashMap<>();

  public Listeners(Relay relay, ProxyServer server) {
    this.relay = relay;
    this.server = server;
  }

  /**
   * Binds what is new in this list. Not on an event loop.
   *
   * @throws IOException when an address cannot be bound; nothing has changed then
   */
  public Change prepare(List<ListenerConfig> wanted) throws IOException {
    Map<Place, Bound> fresh = new LinkedHashMap<>();
    try {
      for (ListenerConfig listener : wanted) {
        if (!bound.containsKey(Place.of(listener))) {
          Bound one = new Bound(listener);
          one.binding =
              relay.listen(listener.address().resolve(), server.acceptor(() -> one.config));
          fresh.put(Place.of(listener), one);
          log.info("listener {} on {}", listener.name(), BindAddress.text(one.binding.address()));
        }
      }
    } catch (IOException e) {
      fresh.values().forEach(one -> one.binding.close());
      throw e;
    }
    return new Change(wanted, fresh);
  }

  /** The real address of a listener, with the port that the system chose where 0 was asked for. */
  public InetSocketAddress address(String listenerName) {
    for (Bound one : new ArrayList<>(bound.values())) {
      if (one.config.name().equals(listenerName)) {
        return one.binding.address();
      }
    }
    throw new IllegalArgumentException("no listener is named " + listenerName);
  }

  /** The real addresses by the listeners' names, in the order of the configuration. */
  public Map<String, InetSocketAddress> addresses() {
    Map<String, InetSocketAddress> addresses = new LinkedHashMap<>();
    for (Bound one : new ArrayList<>(bound.values())) {
      addresses.put(one.config.name(), one.binding.address());
    }
    return addresses;
  }

  /** Stops accepting everywhere. */
  public void close() {
    bound.values().forEach(one -> one.binding.close());
    bound = new LinkedHashMap<>();
  }
}
