package io.opsproxy.dataplane.proxy;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.config.model.Config;
import io.opsproxy.dataplane.config.model.ListenerConfig;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.sniff.ProxyHeader;
import io.opsproxy.dataplane.sniff.Sniff;
import io.opsproxy.dataplane.sniff.Sniffer;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The client has not yet said what it wants. Leaves to Connecting, Parting, the mesh, or closed.
 */
final class Sniffing implements Session.State, Receiver, Undecided.Entry {
  private final Session session;
  private final InetAddress source;
  private final long deadline;
  private final Prelude prelude;
  private final HeaderRule headers;
  private final Sniffer sniffer = new Sniffer();
  private InetSocketAddress clientAddress;
  private boolean headerSettled;
  private int lineSearched;
  private ScheduledFuture<?> silence;
  private boolean left;

  Sniffing(Session session) {
    this.session = session;
    prelude = session.prelude();
    clientAddress = session.client().remoteAddress();
    source = clientAddress.getAddress();
    headers = HeaderRule.of(session.listener(), session.config().access(), source);
    deadline = System.nanoTime() + session.config().proxy().readTimeout().toNanos();
  }

  void start() {
    ListenerConfig listener = session.listener();
    if (headers == HeaderRule.DENIED) {
      refuseHeader(
          "it comes from "
              + source.getHostAddress()
              + ", which access.trusted_proxies does not name");
      return;
    }
    if (listener.service().isPresent() && headers == HeaderRule.NONE) {
      leave();
      router().fixed(clientAddress, listener.service().get());
      return;
    }
    session.sessions().undecided(this, session.config().limits());
    if (listener.defaultService().isPresent() || listener.service().isPresent()) {
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
    if (left || (!headerSettled && !settleHeader())) {
      return;
    }
    if (!prelude.isEmpty() || session.listener().service().isPresent()) {
      decide();
    } else if (silence != null && silence.isDone()) {
      // its header was late, and it has been silent for long enough
      decideAsUnknown();
    }
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
      if (headers == HeaderRule.REQUIRED) {
        refuseHeader("no PROXY header, which listener " + session.listener().name() + " requires");
        return false;
      }
      return true;
    }
    if (headers == HeaderRule.NONE) {
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
      router().fixed(clientAddress, listener.service().get());
      return;
    }
    Sniff sniff = sniffer.sniff(prelude.bytes(), prelude.from(), prelude.length());
    if (sniff instanceof Sniff.NeedMore) {
      return;
    }
    if (sniff instanceof Sniff.PeerLine line && listener.name().equals(Config.PEER_LISTENER)) {
      peerLine(line);
    } else if (sniff instanceof Sniff.Tls tls
        && listener.name().equals(Config.PEER_LISTENER)
        && session.proxy().peers().isPeer(tls.alpn())) {
      byte[] first = handOver();
      session.proxy().peers().secured(session.client(), first);
    } else {
      leave();
      router().sniffed(clientAddress, sniff);
    }
  }

  /** It is another peer, and undecided until its whole first line is there, or too long. */
  private void peerLine(Sniff.PeerLine line) {
    if (hasWholeLine() || prelude.remaining() > line.verb().longestLine()) {
      byte[] first = handOver();
      session.proxy().peers().accept(session.client(), line.verb(), first);
    }
  }

  private byte[] handOver() {
    leave();
    session.client().pause();
    byte[] first = prelude.copy();
    session.handedOver();
    return first;
  }

  private boolean hasWholeLine() {
    for (int i = Math.max(lineSearched, prelude.from()); i < prelude.length(); i++) {
      if (prelude.bytes()[i] == '\n') {
        return true;
      }
    }
    lineSearched = prelude.length();
    return false;
  }

  /**
   * It waits, or has ended, and what it has sent may be anything: it speaks a protocol that is none
   * of those known here, perhaps one in which the server speaks first.
   *
   * @return false when it has begun a known protocol, or there is no default route
   */
  private boolean decideAsUnknown() {
    ListenerConfig listener = session.listener();
    boolean inHeader =
        !headerSettled
            && (headers == HeaderRule.REQUIRED
                || (headers == HeaderRule.POSSIBLE && !prelude.isEmpty()));
    if (left || inHeader || sniffer.isSettled()) {
      return false;
    }
    if (listener.service().isPresent()) {
      leave();
      router().fixed(clientAddress, listener.service().get());
    } else if (listener.defaultService().isPresent()) {
      leave();
      router().sniffed(clientAddress, new Sniff.Unknown());
    } else {
      return false;
    }
    return true;
  }

  /** {@code detect_timeout} is over. */
  private void silent() {
    decideAsUnknown();
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
    if (decideAsUnknown()) {
      return;
    }
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
  public void overBudget() {
    end(ErrorReason.MEMORY, "memory is short, and this undecided connection holds the most");
  }

  @Override
  public void stopIfSilent() {
    // where the server speaks first the client's silence ends by itself, after detect_timeout
    if (prelude.isEmpty() && silence == null) {
      stop();
    }
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
