package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.Unpooled;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkEnd;
import io.opsproxy.dataplane.mesh.link.LinkProtocol;
import io.opsproxy.dataplane.mesh.names.Advertisement;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.stream.StreamOwner;
import io.opsproxy.dataplane.mesh.stream.ThisPeer;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.TlsStream;
import io.opsproxy.dataplane.telemetry.Metric;
import io.opsproxy.dataplane.trust.Credentials;
import io.opsproxy.dataplane.trust.PeerId;
import io.opsproxy.dataplane.trust.Refusal;
import io.opsproxy.dataplane.trust.RefusedCertificateException;
import io.opsproxy.dataplane.trust.Verdict;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Protocol v2, as this peer speaks it: links and data connections in mutual TLS. {@code
 * design/protocol-v2.md} is the reference. Any thread.
 */
public final class V2 {
  private static final Logger log = LoggerFactory.getLogger(V2.class);

  /** Handshakes that may wait to be computed; who comes beyond is closed. */
  private static final int MOST_WAITING = 4096;

  private static final int COMPUTERS = 2;

  /** What becomes of a connection that is dialled in TLS. On its loop, once. */
  interface Shaken {
    void admitted(TlsStream stream, Verified verified);

    void failed(String why);
  }

  /** Makes links of connections that were accepted, where there is room for them. */
  @FunctionalInterface
  public interface LinkMaker {
    /**
     * @return empty when it was refused, and closed
     */
    Optional<Link> accepted(Stream stream, LinkProtocol.Factory protocol);
  }

  private final ThisPeer self;
  private final Supplier<Offer> offer;
  private final Supplier<Optional<Credentials>> credentials;
  private final LinkMaker links;
  private final String instance = Tokens.random(16);
  private final ThreadPoolExecutor computers;
  private final Map<String, Session> sessions = new ConcurrentHashMap<>();
  private final Map<Place, V2Link> places = new ConcurrentHashMap<>();
  private final Set<V2Link> open = ConcurrentHashMap.newKeySet();

  /** Data connections that wait or run; they outlive their link. */
  private final Set<Stream> streams = ConcurrentHashMap.newKeySet();

  private final AtomicInteger served = new AtomicInteger();
  private final AtomicInteger arriving = new AtomicInteger();
  private final Passing passing = new Passing();
  private final Freshness freshness = new Freshness();
  private final OwnClaims ownClaims = new OwnClaims(instance);
  private final ThreadPoolExecutor claims;
  private volatile boolean withdrawn;

  /** Where one instance of a peer is at a time. */
  record Place(String id, String address, boolean dialled) {}

  /**
   * @param offer what this peer serves now
   * @param credentials what this peer shows, and whom it believes; empty: no identity
   */
  public V2(
      ThisPeer self,
      Supplier<Offer> offer,
      Supplier<Optional<Credentials>> credentials,
      LinkMaker links) {
    this.self = self;
    this.offer = offer;
    this.credentials = credentials;
    this.links = links;
    computers = executor("handshakes", COMPUTERS, MOST_WAITING);
    // a link has two tasks there at a time: one judges what it hears, one signs what it tells
    claims = executor("claims", 1, Integer.MAX_VALUE);
  }

  private static ThreadPoolExecutor executor(String name, int threads, int mostWaiting) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(mostWaiting),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  ThisPeer self() {
    return self;
  }

  Offer offer() {
    return offer.get();
  }

  Optional<Credentials> credentials() {
    return credentials.get();
  }

  /** The id of this peer; empty without an identity. */
  String ownId() {
    return credentials().map(own -> own.identity().id().value()).orElse("");
  }

  String instance() {
    return instance;
  }

  Freshness freshness() {
    return freshness;
  }

  OwnClaims ownClaims() {
    return ownClaims;
  }

  Passing passing() {
    return passing;
  }

  /** Whether this peer passes on what it has learned, to peers that are no replicas of it. */
  boolean isTransit() {
    return !withdrawn && self.config().mesh().transit();
  }

  /**
   * Does work for a link that takes milliseconds, for signatures, and hands its result to the
   * link's loop, unless the link is closed by then, or this peer stopping. A fault in it closes the
   * link.
   */
  <T> void compute(Link link, Supplier<T> work, Consumer<T> then) {
    Runnable task =
        () -> {
          T result;
          try {
            result = work.get();
          } catch (RuntimeException e) {
            OnLoop.run(link.loop(), () -> link.failed(e));
            return;
          }
          OnLoop.run(
              link.loop(),
              () -> {
                if (link.state() != Link.State.CLOSED) {
                  then.accept(result);
                }
              });
        };
    try {
      claims.execute(task);
    } catch (RejectedExecutionException e) {
      assert claims.isShutdown();
    }
  }

  LinkMaker links() {
    return links;
  }

  Set<Stream> streams() {
    return streams;
  }

  AtomicInteger served() {
    return served;
  }

  /** Connections of peers that have not said what they are. */
  AtomicInteger arriving() {
    return arriving;
  }

  // coming in

  /**
   * A connection whose ClientHello asks for this protocol: TLS is ended here, or it is closed. On
   * the stream's loop.
   *
   * @param hello what was received so far
   */
  public void accept(Stream raw, byte[] hello) {
    Optional<Credentials> own = credentials();
    if (own.isEmpty()) {
      refused(
          raw.remoteAddress(),
          new Verdict.Refused(
              Refusal.UNTRUSTED,
              Optional.empty(),
              "it speaks protocol v2, and this peer has no identity",
              "set mesh.identity and mesh.trust here, or take mesh.identity from the other peer"));
      raw.closeNow();
      return;
    }
    new Arrival(this, raw, own.get()).start(hello);
  }

  /**
   * A data connection in the clear; its first line is there. On the stream's loop.
   *
   * @param first what was received so far
   */
  public void join(Stream stream, byte[] first) {
    int end = 0;
    while (end < first.length && first[end] != '\n') {
      end++;
    }
    String line = new String(first, 0, end, StandardCharsets.US_ASCII);
    Optional<Message.Join> join = JoinLine.parse(line);
    MessageReader reader = new MessageReader();
    if (end < first.length) {
      reader.append(Unpooled.wrappedBuffer(Arrays.copyOfRange(first, end + 1, first.length)));
    }
    if (join.isEmpty() || !take(join.get(), false, Optional.empty(), stream, reader)) {
      self.metrics().dataUnexpected();
      stream.closeNow();
    }
  }

  /** Gives a data connection to its session; false when it is of none. */
  boolean take(
      Message.Join join,
      boolean encrypted,
      Optional<Verified> from,
      Stream stream,
      MessageReader reader) {
    Session session = sessions.get(join.session());
    return session != null
        && from.map(who -> who.id().equals(session.peer())).orElse(!encrypted)
        && (encrypted || !session.link().isEncryptedAlways())
        && session.take(join, encrypted, stream, reader);
  }

  // going out

  /** A connection that was dialled, as a stream in TLS; the link hears of the handshake. */
  public TlsStream secure(Stream raw, InetSocketAddress address, Dialling dialling) {
    Credentials own = credentials().orElseThrow();
    return TlsStream.over(raw, engine(own, address), computers, new byte[0], dialling.over(this));
  }

  /** Joins the handshake of a dialled connection to the link that is made on it. */
  public static final class Dialling {
    private V2Link protocol;
    private Link link;

    /** The link's own protocol. */
    public LinkProtocol protocol(V2 v2, Link of, Offer first, InetSocketAddress address) {
      link = of;
      protocol = new V2Link(v2, of, Optional.of(address), first);
      return protocol;
    }

    private TlsStream.Handshake over(V2 v2) {
      return new TlsStream.Handshake() {
        @Override
        public void complete(SSLEngine engine) {
          Verdict verdict = v2.judge(engine);
          if (verdict instanceof Verdict.Admitted admitted) {
            protocol.verified(new Verified(chain(engine), admitted));
          } else {
            Verdict.Refused refused = (Verdict.Refused) verdict;
            v2.refused(link.remote(), refused);
            link.close(LinkEnd.REFUSED, refused.message() + "; " + refused.remedy());
          }
        }

        @Override
        public void failed(Throwable cause) {
          RefusedCertificateException.in(cause)
              .ifPresent(refused -> v2.refused(link.remote(), refused));
        }
      };
    }
  }

  void dialTls(Stream raw, InetSocketAddress address, Shaken then) {
    Optional<Credentials> own = credentials();
    if (own.isEmpty()) {
      raw.closeNow();
      then.failed("this peer has no identity any more");
      return;
    }
    TlsStream[] made = new TlsStream[1];
    made[0] =
        TlsStream.over(
            raw,
            engine(own.get(), address),
            computers,
            new byte[0],
            new TlsStream.Handshake() {
              @Override
              public void complete(SSLEngine engine) {
                Verdict verdict = judge(engine);
                if (verdict instanceof Verdict.Admitted admitted) {
                  then.admitted(made[0], new Verified(chain(engine), admitted));
                } else {
                  made[0].closeNow();
                  then.failed(((Verdict.Refused) verdict).message());
                }
              }

              @Override
              public void failed(Throwable cause) {
                then.failed("TLS failed: " + cause.getMessage());
              }
            });
  }

  private static SSLEngine engine(Credentials own, InetSocketAddress address) {
    return own.client(address.getAddress().getHostAddress(), address.getPort());
  }

  ThreadPoolExecutor computers() {
    return computers;
  }

  /** What the trust in force says of the other end; a session that was resumed is judged too. */
  Verdict judge(SSLEngine engine) {
    if (!Credentials.ALPN.equals(engine.getApplicationProtocol())) {
      return new Verdict.Refused(
          Refusal.UNTRUSTED,
          Optional.empty(),
          "it speaks TLS and not " + Credentials.ALPN,
          "dial a peer's own port, with nothing in between that ends TLS");
    }
    return admit(chain(engine), Optional.empty());
  }

  /**
   * What the trust in force says of somebody.
   *
   * @param id who it is, for the message
   */
  Verdict admit(List<X509Certificate> chain, Optional<PeerId> id) {
    return credentials()
        .map(own -> own.trust().admit(chain, Instant.now()))
        .orElseGet(() -> noIdentity(id));
  }

  /** Without an identity nobody is believed. */
  static Verdict.Refused noIdentity(Optional<PeerId> id) {
    return new Verdict.Refused(
        Refusal.UNTRUSTED, id, "this peer has no identity any more", "set mesh.identity");
  }

  static List<X509Certificate> chain(SSLEngine engine) {
    try {
      List<X509Certificate> chain = new ArrayList<>();
      for (Certificate one : engine.getSession().getPeerCertificates()) {
        chain.add((X509Certificate) one);
      }
      return chain;
    } catch (SSLPeerUnverifiedException e) {
      return List.of();
    }
  }

  /** Tells that a peer, or a name of it, was refused. */
  void refused(InetSocketAddress from, Verdict.Refused refused) {
    self.metrics().count(Metric.MESH_REFUSALS, refused.reason().word());
    log.warn(
        "peer at {} refused: {}: {}; {}",
        from,
        refused.reason().word(),
        refused.message(),
        refused.remedy());
  }

  // links

  void opened(Session session, Place place, V2Link link, Passing.Listener listener) {
    sessions.put(session.id(), session);
    open.add(link);
    passing.join(listener);
    V2Link before = places.put(place, link);
    if (before != null
        && before != link
        && !before.instanceOfOther().equals(link.instanceOfOther())) {
      before.replaced();
    }
  }

  void closed(Session session, Place place, V2Link link, Passing.Listener listener) {
    sessions.remove(session.id(), session);
    places.remove(place, link);
    open.remove(link);
    passing.leave(listener);
  }

  /** Trust, or what is served here, may have changed: links and names are judged anew. */
  public void recheck() {
    open.forEach(V2Link::recheck);
    passing.again();
  }

  /** Others serve these names than before. Must not block. */
  public void learned(Map<HostName, List<Advertisement<StreamOwner>>> names) {
    passing.changed(names);
  }

  /** Nothing of others is passed on any more; what runs goes on. Part of the drain. */
  public void withdraw() {
    withdrawn = true;
    passing.again();
  }

  /** Streams that are served for other peers. */
  public int active() {
    return served.get();
  }

  /** Ends what it has begun. */
  public void close() {
    streams.forEach(Stream::sever);
    computers.shutdownNow();
    claims.shutdownNow();
  }
}
