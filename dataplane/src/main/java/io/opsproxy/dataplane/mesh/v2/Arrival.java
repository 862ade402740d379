package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.ScheduledFuture;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import io.opsproxy.dataplane.relay.TlsStream;
import io.opsproxy.dataplane.trust.Credentials;
import io.opsproxy.dataplane.trust.RefusedCertificateException;
import io.opsproxy.dataplane.trust.Verdict;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of another peer until its first message: a link or a data connection. It has as long
 * as an undecided connection has, and there are so many of them at once and no more.
 *
 * <pre>
 *   HANDSHAKE --admitted--> FIRST MESSAGE --HELLO--> (a {@link Link})
 *       |                        |       +---JOIN--> (of a {@link Session})
 *       +-- refused, late -------+-- anything else, late --> CLOSED
 * </pre>
 */
final class Arrival implements TlsStream.Handshake, Receiver {
  private static final Logger log = LoggerFactory.getLogger(Arrival.class);
  private static final int MOST = 2048;
  private final V2 v2;
  private final Stream raw;
  private final Credentials own;
  private final MessageReader reader = new MessageReader();
  private TlsStream stream;
  private Verified verified;
  private ScheduledFuture<?> deadline;
  private boolean over;

  Arrival(V2 v2, Stream raw, Credentials own) {
    this.v2 = v2;
    this.raw = raw;
    this.own = own;
  }

  void start(byte[] hello) {
    if (v2.arriving().incrementAndGet() > MOST) {
      v2.arriving().decrementAndGet();
      over = true;
      raw.closeNow();
      return;
    }
    deadline =
        raw.loop()
            .schedule(
                this::late,
                v2.self().config().proxy().readTimeout().toNanos(),
                TimeUnit.NANOSECONDS);
    stream = TlsStream.over(raw, own.server(), v2.computers(), hello, this);
  }

  private void late() {
    log.debug("peer connection from {} closed: it did not say in time what it is", address());
    end();
  }

  private String address() {
    return raw.remoteAddress().toString();
  }

  private void leave() {
    if (!over) {
      over = true;
      deadline.cancel(false);
      v2.arriving().decrementAndGet();
    }
  }

  private void end() {
    if (!over) {
      leave();
      stream.closeNow();
    }
  }

  @Override
  public void complete(SSLEngine engine) {
    Verdict verdict = v2.judge(engine);
    if (verdict instanceof Verdict.Admitted admitted) {
      verified = new Verified(V2.chain(engine), admitted);
      stream.receive(this);
    } else {
      v2.refused(raw.remoteAddress(), (Verdict.Refused) verdict);
      end();
    }
  }

  @Override
  public void failed(Throwable cause) {
    leave();
    Optional<Verdict.Refused> refused = RefusedCertificateException.in(cause);
    if (refused.isPresent()) {
      v2.refused(raw.remoteAddress(), refused.get());
    } else {
      log.info("peer connection from {} failed: {}", address(), cause.getMessage());
    }
  }

  @Override
  public void received(ByteBuf bytes) {
    if (over) {
      return;
    }
    reader.append(bytes);
    try {
      Message message = reader.next();
      if (message == null) {
        return;
      }
      stream.pause();
      leave();
      decide(message);
    } catch (BadFrameException e) {
      log.info("peer {} at {} closed: {}", verified.id(), address(), e.getMessage());
      end();
    }
  }

  private void decide(Message message) {
    if (message instanceof Message.Hello hello) {
      V2Link[] protocol = new V2Link[1];
      Optional<Link> link =
          v2.links()
              .accepted(
                  stream,
                  of -> {
                    protocol[0] = new V2Link(v2, of, Optional.empty(), v2.offer());
                    return protocol[0];
                  });
      link.ifPresent(
          made -> {
            protocol[0].verified(verified);
            made.open();
            protocol[0].greeted(hello, reader);
            made.goOn();
          });
    } else if (!(message instanceof Message.Join join)
        || !v2.take(join, true, Optional.of(verified), stream, reader)) {
      v2.self().metrics().dataUnexpected();
      stream.closeNow();
    }
  }

  @Override
  public void ended() {
    end();
  }

  @Override
  public void broken(Throwable cause) {
    leave();
  }
}
