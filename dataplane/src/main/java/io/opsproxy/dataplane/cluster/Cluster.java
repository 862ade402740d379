package io.opsproxy.dataplane.cluster;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.config.ServiceConfig;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import io.opsproxy.dataplane.telemetry.NameMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

/**
 * The endpoints of one configured service. Connecting tries endpoint after endpoint, all addresses
 * of each, and never one twice for the same connection, until {@code connect.attempts} are used up.
 * Any thread.
 */
public final class Cluster implements Upstream {
  private static final byte[] NOTHING = new byte[0];

  private final ServiceConfig config;
  private final Relay relay;
  private final Resolver resolver;
  private final NameMetrics metrics;
  private final List<Endpoint> endpoints;
  private final LoadBalancer balancer;

  public Cluster(ServiceConfig config, Relay relay, Resolver resolver, NameMetrics metrics) {
    this.config = config;
    this.relay = relay;
    this.resolver = resolver;
    this.metrics = metrics;
    endpoints =
        config.endpoints().stream().map(e -> new Endpoint(e.address(), e.weight())).toList();
    balancer = LoadBalancer.of(config.lbPolicy(), endpoints, new ThreadLocalGenerator());
  }

  /** What it was built from; equal configurations keep their cluster over a reload. */
  public ServiceConfig config() {
    return config;
  }

  /** In the order of the configuration. */
  public List<Endpoint> endpoints() {
    return endpoints;
  }

  @Override
  public NameMetrics metrics() {
    return metrics;
  }

  @Override
  public Attempt connect(EventExecutor loop, Listener listener) {
    Connecting connecting = new Connecting(loop, listener);
    connecting.next(null);
    return connecting;
  }

  /** One connection's way through the endpoints. On its loop. */
  private final class Connecting implements Attempt, Relay.DialListener {
    private final EventExecutor loop;
    private final Listener listener;
    private final List<Endpoint> tried = new ArrayList<>(1);
    private Endpoint endpoint;
    private List<InetAddress> addresses = List.of();
    private int address;
    private Relay.Dial dial;
    private boolean over;

    Connecting(EventExecutor loop, Listener listener) {
      this.loop = loop;
      this.listener = listener;
    }

    void next(String problem) {
      endpoint = tried.size() < config.connectAttempts() ? balancer.pick(tried) : null;
      if (endpoint == null) {
        over = true;
        listener.failed(new Failure(ErrorReason.BACKEND_DIAL_ERROR, problem));
        return;
      }
      tried.add(endpoint);
      if (endpoint.literal() != null) {
        resolved(List.of(endpoint.literal()), null);
      } else {
        resolver.resolve(endpoint.address().host(), loop, this::resolved);
      }
    }

    private void resolved(List<InetAddress> found, String problem) {
      if (over) {
        return;
      }
      if (found.isEmpty()) {
        endpoint.connectFailed();
        next("endpoint " + endpoint.address() + ": " + problem);
      } else {
        addresses = found;
        address = 0;
        dialNext();
      }
    }

    private void dialNext() {
      InetSocketAddress target =
          new InetSocketAddress(addresses.get(address++), endpoint.address().port());
      dial = relay.dial(loop, target, config.connectTimeout(), this);
    }

    @Override
    public void connected(Stream stream) {
      over = true;
      listener.connected(new Connected(stream, endpoint));
    }

    @Override
    public void failed(Throwable cause) {
      if (over) {
        return;
      }
      if (address < addresses.size()) {
        dialNext();
      } else {
        endpoint.connectFailed();
        next("endpoint " + endpoint.address() + ": " + ConnectProblem.describe(cause));
      }
    }

    @Override
    public void cancel() {
      over = true;
      if (dial != null) {
        dial.cancel();
      }
    }
  }

  private static final class Connected implements Connection {
    private final Stream stream;
    private final Endpoint endpoint;

    Connected(Stream stream, Endpoint endpoint) {
      this.stream = stream;
      this.endpoint = endpoint;
      endpoint.opened();
    }

    @Override
    public Stream stream() {
      return stream;
    }

    @Override
    public String description() {
      return endpoint.address().toString();
    }

    @Override
    public byte[] early() {
      return NOTHING;
    }

    @Override
    public void released() {
      endpoint.closed();
    }
  }

  /** Each thread draws from a generator of its own. */
  private static final class ThreadLocalGenerator implements RandomGenerator {
    @Override
    public long nextLong() {
      return ThreadLocalRandom.current().nextLong();
    }
  }
}
