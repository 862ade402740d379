package io.opsproxy.dataplane.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.AccessSettings;
import io.opsproxy.dataplane.config.Cidr;
import io.opsproxy.dataplane.config.Config;
import io.opsproxy.dataplane.config.ListenerConfig;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.sniff.ProxyHeader;
import io.opsproxy.dataplane.sniff.Sniff;
import io.opsproxy.dataplane.sniff.Sniffer;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * The client has not yet said what it wants. Leaves to Connecting, Parting, the mesh, or closed.
 */
final class Sniffing implements Session.State, Receiver, Undecided.Entry {
  private final Session session;
  private final InetAddress source;
  private final long deadline;
  private final Prelude prelude = new Prelude();
  private final Sniffer sniffer = new Sniffer();
  private InetSocketAddress clientAddress;
  private boolean headerSettled;
  private ScheduledFuture<?> silence;
  private boolean left;

  Sniffing(Session session) {
    this.session = session;
    clientAddress = session.client().remoteAddress();
    source = clientAddress.getAddress();
    deadline = System.nanoTime() + session.config().proxy().readTimeout().toNanos();
  }

  void start() {
    ListenerConfig listener = session.listener();
    AccessSettings access = session.config().access();
    boolean headerPossible = Cidr.anyContains(access.trustedProxies(), source);
    if (listener.service().isPresent() && !headerPossible) {
      leave();
      router().fixed(clientAddress, listener.service().get(), prelude);
      return;
    }
    session.sessions().undecided(this, session.config().limits());
    if (listener.defaultService().isPresent()) {
      silence =
          session
              .client()
              .loop()
              .schedule(this::silent, listener.detectTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }
    session.client().receive(this);
  }

  private Router router() {
    return new Router(session);
  }

  @Override
  public void received(ByteBuf bytes) {
    if (left) {
      return;
    }
    prelude.append(bytes);
    if (!headerSettled && !settleHeader()) {
      return;
    }
    if (prelude.isEmpty() && session.listener().service().isEmpty()) {
      return;
    }
    decide();
  }

  /**
   * Takes a PROXY header off, once. Returns false while it is not known, or when it ended the
   * session.
   */
  private boolean settleHeader() {
    ProxyHeader.Result result = ProxyHeader.parse(prelude.bytes(), prelude.length());
    if (result instanceof ProxyHeader.NeedMore) {
      return false;
    }
    headerSettled = true;
    if (result instanceof ProxyHeader.None) {
      return true;
    }
    Config config = session.config();
    if (!Cidr.anyContains(config.access().trustedProxies(), source)) {
      refuseHeader(
          "a PROXY header from "
              + source.getHostAddress()
              + ", which access.trusted_proxies does not name");
      return false;
    }
    if (result instanceof ProxyHeader.Malformed malformed) {
      refuseHeader(malformed.why());
      return false;
    }
    ProxyHeader.Header header = (ProxyHeader.Header) result;
    clientAddress = header.source().orElse(clientAddress);
    prelude.skip(header.length());
    return true;
  }

  private void refuseHeader(String why) {
    leave();
    session.refuse(session.proxy().metrics().unknown(), ErrorReason.PROXY_HEADER_DENIED, why);
    session.client().close();
    session.closed();
  }

  private void decide() {
    ListenerConfig listener = session.listener();
    if (listener.service().isPresent()) {
      leave();
      router().fixed(clientAddress, listener.service().get(), prelude);
      return;
    }
    Sniff sniff = sniffer.sniff(prelude.bytes(), prelude.from(), prelude.length());
    if (sniff instanceof Sniff.NeedMore) {
      return;
    }
    leave();
    if (sniff instanceof Sniff.PeerLine line && listener.name().equals(Config.PEER_LISTENER)) {
      session.client().pause();
      session.handedOver();
      session
          .proxy()
          .peers()
          .accept(
              session.client(),
              line.verb(),
              Arrays.copyOfRange(prelude.bytes(), prelude.from(), prelude.length()));
    } else {
      router().sniffed(clientAddress, sniff, prelude);
    }
  }

  /** Nothing came for {@code detect_timeout}: a server-speaks-first protocol, perhaps. */
  private void silent() {
    if (!left && prelude.isEmpty()) {
      leave();
      router().sniffed(clientAddress, new Sniff.Unknown(), prelude);
    }
  }

  private void leave() {
    left = true;
    session.sessions().decided(this);
    if (silence != null) {
      silence.cancel(false);
    }
  }

  @Override
  public void ended() {
    end(ErrorReason.CLIENT_GONE, "it ended before it said what it wants");
  }

  @Override
  public void broken(Throwable cause) {
    end(ErrorReason.CLIENT_GONE, "it broke before it said what it wants");
  }

  @Override
  public void timedOut() {
    end(ErrorReason.DETECT_TIMEOUT, "it did not say in time what it wants");
  }

  @Override
  public void shed() {
    end(ErrorReason.SHED, "too many undecided connections, and this is the oldest");
  }

  private void end(ErrorReason reason, String why) {
    if (left) {
      return;
    }
    leave();
    // a connection without a byte is a port check or a health probe, and no failure
    if (!prelude.isEmpty() || reason != ErrorReason.CLIENT_GONE) {
      session.refuse(session.proxy().metrics().unknown(), reason, why);
    }
    session.client().close();
    session.closed();
  }

  @Override
  public InetAddress source() {
    return source;
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public void stop() {
    if (!left) {
      leave();
      session.client().close();
      session.closed();
    }
  }
}
