package io.opsproxy.dataplane.mesh.v2;

import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.dial.ConnectProblem;
import io.opsproxy.dataplane.relay.Relay;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.TlsStream;
import io.opsproxy.dataplane.trust.PeerId;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data connections of one link. The side that dialled the link dials them, to the same address:
 * those that itself opens streams on, and those that the other side does. There are two kinds: in
 * TLS, and in the clear for what is TLS already; both begin with a token that is good once. Any
 * thread.
 */
final class Session {
  private static final Logger log = LoggerFactory.getLogger(Session.class);
  private static final Duration DIAL_TIMEOUT = Duration.ofSeconds(5);

  private final V2 v2;
  private final V2Link link;
  private final String id;
  private final PeerId peer;
  private final Tokens tokens;
  private final Optional<InetSocketAddress> dialled;
  private final Pool secure;
  private final Pool clear;
  private final Map<Stream, String> running = new ConcurrentHashMap<>();
  private final Set<Served> idle = ConcurrentHashMap.newKeySet();
  private final AtomicInteger served = new AtomicInteger();
  private volatile boolean closed;

  /**
   * @param peer the verified other end
   * @param welcome what the side that was dialled has made up
   * @param dialled where data connections are dialled; empty where the other side dials
   */
  Session(
      V2 v2,
      V2Link link,
      PeerId peer,
      Message.Welcome welcome,
      Optional<InetSocketAddress> dialled) {
    this.v2 = v2;
    this.link = link;
    this.id = welcome.session();
    this.peer = peer;
    this.tokens = new Tokens(welcome.session(), welcome.key());
    this.dialled = dialled;
    secure = pool(true);
    clear = pool(false);
  }

  private Pool pool(boolean encrypted) {
    return new Pool(
        v2.self().relay(),
        encrypted,
        (count, loop) -> {
          if (dialled.isPresent()) {
            dialMore(count, encrypted, false, loop);
          } else {
            link.want(count, encrypted);
          }
        },
        System::nanoTime);
  }

  String id() {
    return id;
  }

  PeerId peer() {
    return peer;
  }

  V2Link link() {
    return link;
  }

  Pool pool(boolean encrypted, boolean always) {
    return encrypted || always ? secure : clear;
  }

  /** The other side serves names: streams will be opened. */
  void fill(boolean always) {
    secure.fill();
    if (!always) {
      clear.fill();
    }
  }

  /**
   * Dials data connections.
   *
   * @param yours whether the other side is to open streams on them
   * @param loop where one is waited for; null when it does not matter
   */
  void dialMore(int count, boolean encrypted, boolean yours, EventExecutor loop) {
    for (int i = 0; i < count; i++) {
      EventExecutor on = loop == null ? v2.self().nextLoop() : loop;
      OnLoop.run(on, () -> dial(on, encrypted, yours));
    }
  }

  private void dial(EventExecutor loop, boolean encrypted, boolean yours) {
    if (!v2.self().hasRoom()) {
      missed(encrypted, yours, "there are no sockets for more");
      return;
    }
    v2.self()
        .relay()
        .dial(
            loop,
            dialled.orElseThrow(),
            DIAL_TIMEOUT,
            new Relay.DialListener() {
              @Override
              public void connected(Stream stream) {
                if (encrypted) {
                  shakeHands(stream, yours);
                } else {
                  Message.Join join = tokens.next(yours, false);
                  byte[] line = JoinLine.encode(join);
                  stream.write(line, 0, line.length);
                  ready(new DataConnection(stream, join.number(), false), yours);
                }
              }

              @Override
              public void failed(Throwable cause) {
                missed(encrypted, yours, ConnectProblem.describe(cause));
              }
            });
  }

  private void shakeHands(Stream raw, boolean yours) {
    v2.dialTls(
        raw,
        dialled.orElseThrow(),
        new V2.Shaken() {
          @Override
          public void admitted(TlsStream stream, Verified verified) {
            if (!verified.id().equals(peer)) {
              stream.closeNow();
              missed(true, yours, "another peer answers at its address: " + verified.id());
              return;
            }
            Message.Join join = tokens.next(yours, true);
            byte[] frame = MessageCodec.encode(join);
            stream.write(frame, 0, frame.length);
            ready(new DataConnection(stream, join.number(), true), yours);
          }

          @Override
          public void failed(String why) {
            missed(true, yours, why);
          }
        });
  }

  private void missed(boolean encrypted, boolean yours, String why) {
    log.debug("no data connection to peer {}: {}", peer, why);
    if (!yours) {
      (encrypted ? secure : clear).didNotCome("no data connection could be dialled: " + why);
    }
  }

  /** A data connection of this session has come. On its loop. */
  boolean take(Message.Join join, boolean encrypted, Stream stream, MessageReader reader) {
    if (!tokens.take(join, encrypted)) {
      return false;
    }
    DataConnection connection = new DataConnection(stream, join.number(), encrypted);
    if (join.yours()) {
      (encrypted ? secure : clear).arrived(connection);
    } else {
      new Served(v2, this, connection, reader).park();
    }
    return true;
  }

  private void ready(DataConnection connection, boolean yours) {
    if (yours) {
      new Served(v2, this, connection, new MessageReader()).park();
    } else {
      (connection.secure() ? secure : clear).arrived(connection);
    }
  }

  /**
   * A connection in TLS has carried a stream to its end, and can carry another.
   *
   * @param rest what the other side has said behind it, which is nothing
   */
  void returned(DataConnection connection, byte[] rest) {
    if (rest.length > 0) {
      connection.stream().closeNow();
    } else {
      secure.returned(connection);
    }
  }

  /** What binds an OPEN to its connection; in TLS nothing more is needed. */
  Tokens tokens() {
    return tokens;
  }

  /**
   * A stream runs on it, and is cut when its peer may not link any more.
   *
   * @param owner whom it is passed on to; it is cut too when that one may not own names any more
   */
  void runs(Stream stream, String owner) {
    running.put(stream, owner);
    v2.streams().add(stream);
  }

  void over(Stream stream) {
    running.remove(stream);
    v2.streams().remove(stream);
  }

  /** Streams that are served for the other side. */
  AtomicInteger served() {
    return served;
  }

  /** It waits for OPEN; false when nobody may open streams any more. */
  boolean waits(Served one) {
    idle.add(one);
    return !closed;
  }

  /** It waits no longer. */
  void waitsNoMore(Served one) {
    idle.remove(one);
  }

  /** The link is gone: nothing new; what runs goes on. */
  void close() {
    closed = true;
    idle.forEach(Served::linkClosed);
    secure.close();
    clear.close();
  }

  /** The peer may not link any more: what runs is cut too. */
  void cut() {
    running.keySet().forEach(Stream::sever);
  }

  /** A peer that it passes streams on to may do nothing here any more. */
  void cut(String owner) {
    running.forEach(
        (stream, of) -> {
          if (of.equals(owner)) {
            stream.sever();
          }
        });
  }
}
