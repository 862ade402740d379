package io.opsproxy.dataplane.cluster;

import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.EventExecutor;
import io.opsproxy.dataplane.dial.ConnectProblem;
import io.opsproxy.dataplane.dial.Dialler;
import io.opsproxy.dataplane.dial.Dialling;
import io.opsproxy.dataplane.relay.Receiver;
import io.opsproxy.dataplane.relay.Stream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * One connection, one request, and the status of its answer; then the connection is closed. On the
 * watching loop.
 */
final class HttpExchange implements Dialling.Listener, Receiver {
  private static final int MOST = 64 * 1024;
  private static final int ALERT = 0x15;
  private static final int HANDSHAKE = 0x16;

  /** What the bytes that came said about the protocol that was assumed. */
  enum Evidence {
    /** It could not be connected. */
    UNREACHABLE,
    /** There were none. */
    NONE,
    SPOKEN,
    NOT_SPOKEN
  }

  /**
   * How it ended.
   *
   * @param status of HTTP; 0 when there was none
   * @param failure why there was none; null otherwise
   */
  record Ending(int status, CheckResult failure, Evidence evidence) {}

  private final Dialling dial;
  private final Optional<SSLEngine> engine;
  private final byte[] preamble;
  private final byte[] request;
  private final Consumer<Instant> certificate;
  private final Consumer<Ending> done;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private Stream stream;
  private TlsClient tls;
  private boolean requested;
  private int received;
  private Evidence evidence = Evidence.UNREACHABLE;
  private boolean over;

  /**
   * @param engine empty for plain HTTP
   * @param preamble sent before anything else: a PROXY header, or nothing
   * @param certificate told when that of the endpoint ends, once the handshake is over
   */
  HttpExchange(
      Dialler dialler,
      Endpoint endpoint,
      EventExecutor loop,
      Optional<SSLEngine> engine,
      byte[] preamble,
      byte[] request,
      Consumer<Instant> certificate,
      Consumer<Ending> done) {
    this.dial = dialler.to(endpoint.checkDestination(), loop, this);
    this.engine = engine;
    this.preamble = preamble;
    this.request = request;
    this.certificate = certificate;
    this.done = done;
  }

  void start() {
    dial.start();
  }

  /** For the words behind "no answer to". */
  String waitingFor() {
    if (stream == null) {
      return "a connect";
    }
    return requested ? "the request" : "a TLS ClientHello";
  }

  /** What came so far. */
  Evidence evidence() {
    return evidence;
  }

  void cancel() {
    over = true;
    if (stream == null) {
      dial.cancel();
    } else {
      stream.close();
    }
  }

  @Override
  public void failed(Dialling.Problem problem) {
    over = true;
    done.accept(new Ending(0, TcpProbe.failure(problem), Evidence.UNREACHABLE));
  }

  @Override
  public void connected(Stream connected) {
    stream = connected;
    evidence = Evidence.NONE;
    send(preamble);
    if (engine.isPresent()) {
      tls = new TlsClient(engine.get(), this::send);
      tls(tls::begin);
    } else {
      requested = true;
      send(request);
    }
    if (!over) {
      stream.receive(this);
    }
  }

  private void send(byte[] bytes) {
    if (bytes.length > 0) {
      stream.write(bytes, 0, bytes.length);
    }
  }

  @Override
  public void received(ByteBuf bytes) {
    if (over) {
      return;
    }
    byte[] came = new byte[bytes.readableBytes()];
    bytes.readBytes(came);
    received += came.length;
    if (tls == null) {
      answer.writeBytes(came);
      judge();
    } else if (evidence == Evidence.NONE && came[0] != HANDSHAKE && came[0] != ALERT) {
      evidence = Evidence.NOT_SPOKEN;
      fail("it does not speak TLS");
    } else {
      evidence = Evidence.SPOKEN;
      tls(() -> decrypt(came));
      judge();
    }
  }

  private void decrypt(byte[] came) throws SSLException {
    answer.writeBytes(tls.received(came));
    if (tls.ready() && !requested) {
      requested = true;
      tls.certificateEnds().ifPresent(certificate);
      tls.send(request);
    }
  }

  private void judge() {
    if (over) {
      return;
    }
    int status = StatusLine.parse(answer.toByteArray(), answer.size());
    if (status > 0) {
      evidence = Evidence.SPOKEN;
      end(new Ending(status, null, evidence));
    } else if (status == StatusLine.NOT_HTTP) {
      evidence = tls == null ? Evidence.NOT_SPOKEN : Evidence.SPOKEN;
      fail("its answer is not HTTP");
    } else if (received > MOST) {
      fail("it sent 64 KiB without an answer");
    }
  }

  @Override
  public void ended() {
    if (!over) {
      fail("it closed the connection without an answer");
    }
  }

  @Override
  public void broken(Throwable cause) {
    if (!over) {
      fail("the connection broke: " + ConnectProblem.describe(cause));
    }
  }

  private void fail(String why) {
    end(new Ending(0, CheckResult.network(why), evidence));
  }

  private void end(Ending ending) {
    over = true;
    if (tls != null) {
      try {
        tls.close();
      } catch (SSLException e) {
        // it is being closed anyway
      }
    }
    stream.close();
    done.accept(ending);
  }

  private interface TlsStep {
    void run() throws SSLException;
  }

  private void tls(TlsStep step) {
    try {
      step.run();
    } catch (SSLException e) {
      fail(TlsProblem.describe(e));
    }
  }
}
