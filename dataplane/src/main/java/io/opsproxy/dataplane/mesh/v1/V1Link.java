package io.opsproxy.dataplane.mesh.v1;

import io.netty.buffer.ByteBuf;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.HostPort;
import io.opsproxy.dataplane.mesh.link.Link;
import io.opsproxy.dataplane.mesh.link.LinkEnd;
import io.opsproxy.dataplane.mesh.link.LinkProtocol;
import io.opsproxy.dataplane.mesh.names.Offer;
import io.opsproxy.dataplane.mesh.stream.DataSource;
import io.opsproxy.dataplane.mesh.stream.Requester;
import io.opsproxy.dataplane.telemetry.ErrorReason;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What both sides of a v1 link do alike: read lines, ask for forwards, serve them. */
abstract class V1Link implements LinkProtocol, Requester {
  /** Of one turn of an event loop. */
  private static final int MOST_LINES = 64;

  private static final int MOST_BYTES = 64 * 1024;

  protected final V1 v1;
  protected final Link link;
  private final LineReader reader;
  private final ForwardSource source;
  private boolean waiting;

  /**
   * @param maxLine longest line that is accepted, in bytes
   */
  V1Link(V1 v1, Link link, int maxLine) {
    this.v1 = v1;
    this.link = link;
    reader = new LineReader(maxLine);
    source = new ForwardSource(v1, link, this::mayBringFrom);
  }

  /** A line that only this side of a link gets. */
  abstract void line(PeerLine line);

  /** Whether a DATA connection for this side may come from there. Any thread. */
  abstract boolean mayBringFrom(InetAddress address);

  /** The name that a forward for this stands on, by what the other side was told. */
  abstract Optional<HostName> rule(HostName name, HostPort backend);

  @Override
  public void take(ByteBuf bytes) {
    reader.append(bytes);
  }

  @Override
  public Work work() {
    int bytes = 0;
    for (int lines = 0; lines < MOST_LINES && bytes < MOST_BYTES; lines++) {
      if (waiting) {
        return Work.WAITS;
      }
      if (link.state() == Link.State.CLOSED || !reader.hasNext()) {
        if (reader.isTooLong()) {
          link.close(LinkEnd.LINE_TOO_LONG, "a line is longer than allowed");
        }
        return Work.DONE;
      }
      String line = reader.next();
      bytes += line.length();
      onLine(line);
    }
    return waiting ? Work.WAITS : Work.MORE;
  }

  /** Advertises the names that were learned, and takes no further line before they are in force. */
  final void publish(Runnable then) {
    waiting = true;
    link.names()
        .publish(
            () -> {
              waiting = false;
              if (link.state() != Link.State.CLOSED) {
                then.run();
              }
              link.goOn();
            });
  }

  private void onLine(String text) {
    if (text.isEmpty()) {
      return;
    }
    PeerLine line = PeerLineCodec.parse(text);
    if (line instanceof PeerLine.Sync sync) {
      sync.sender().ifPresent(link::introduced);
      link.names().list(sync.items());
      publish(link::told);
    } else if (line instanceof PeerLine.Forward forward) {
      v1.forwards()
          .serve(
              this,
              forward.id(),
              forward.backend().flatMap(backend -> rule(forward.name(), backend)),
              forward.name(),
              forward.backend());
    } else if (line instanceof PeerLine.ForwardFailed failed) {
      onFailed(failed);
    } else {
      line(line);
    }
  }

  private void onFailed(PeerLine.ForwardFailed failed) {
    String label = ErrorReason.DATA_DIAL_ERROR.label();
    if (failed.reason().startsWith(label)) {
      link.standing().cannotBring();
      String cause = failed.reason().substring(label.length()).replaceFirst("^: ", "");
      v1.pending().failed(source, failed.id(), ErrorReason.DATA_DIAL_ERROR, undialled(cause));
    } else {
      v1.pending().failed(source, failed.id(), ErrorReason.BACKEND_DIAL_ERROR, failed.reason());
    }
  }

  /**
   * What it means that the other side cannot dial this one.
   *
   * @param cause by its own words
   */
  abstract String undialled(String cause);

  /** The names of an offer, over as many lines as it takes to be told the address. */
  final void sync(Offer offer) {
    link.write(PeerLineCodec.sync(offer.self(), offer.items()));
  }

  @Override
  public DataSource source() {
    return source;
  }

  @Override
  public void closed() {
    v1.pending().lost(source);
    v1.forwards().gone(this);
  }

  // the peer at the other end, when it asks for a stream

  @Override
  public String describe() {
    return link.describe();
  }

  @Override
  public byte[] opening(String id) {
    return PeerLineCodec.data(id).getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void failed(String id, String reason) {
    link.loop()
        .execute(
            () -> {
              // a peer whose ids are not ours does not know the line
              if (link.state() != Link.State.CLOSED
                  && PeerLineCodec.isOurId(id)
                  && link.isWritable()) {
                link.write(PeerLineCodec.forwardFailed(id, reason));
              }
            });
  }
}
