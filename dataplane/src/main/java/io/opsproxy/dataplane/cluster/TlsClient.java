package io.opsproxy.dataplane.cluster;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * The client's side of one TLS connection, between the bytes of a socket and those of a protocol.
 * It does no input and output itself. The work of the handshake is done by whoever calls: it is
 * meant for a thread that may spend a millisecond.
 */
final class TlsClient {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private final SSLEngine engine;
  private final Consumer<byte[]> toSocket;
  private final ByteArrayOutputStream plain = new ByteArrayOutputStream();
  private ByteBuffer incoming = ByteBuffer.allocate(4096);
  private boolean handshakeDone;

  /**
   * @param engine in client mode
   * @param toSocket gets what is to be sent
   */
  TlsClient(SSLEngine engine, Consumer<byte[]> toSocket) {
    this.engine = engine;
    this.toSocket = toSocket;
  }

  /** Sends the ClientHello. */
  void begin() throws SSLException {
    engine.beginHandshake();
    advance();
  }

  /** When the certificate of the other side ends; empty when it has shown none. */
  Optional<Instant> certificateEnds() {
    try {
      return engine.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate
          ? Optional.of(certificate.getNotAfter().toInstant())
          : Optional.empty();
    } catch (SSLPeerUnverifiedException e) {
      return Optional.empty();
    }
  }

  /** Whether the handshake is over, with the certificate accepted. */
  boolean ready() {
    return handshakeDone;
  }

  /** Sends bytes of the protocol; only when {@link #ready}. */
  void send(byte[] bytes) throws SSLException {
    ByteBuffer source = ByteBuffer.wrap(bytes);
    while (source.hasRemaining()) {
      wrap(source);
    }
  }

  /**
   * Takes bytes from the socket.
   *
   * @return bytes of the protocol, mostly none while the handshake runs
   */
  byte[] received(byte[] bytes) throws SSLException {
    if (incoming.remaining() < bytes.length) {
      ByteBuffer larger = ByteBuffer.allocate(incoming.position() + bytes.length);
      incoming = larger.put(incoming.flip());
    }
    incoming.put(bytes);
    advance();
    byte[] result = plain.toByteArray();
    plain.reset();
    return result;
  }

  /** Sends close_notify where that is still possible. */
  void close() throws SSLException {
    engine.closeOutbound();
    while (!engine.isOutboundDone() && wrap(NOTHING) > 0) {
      // an alert, and what the handshake still owed
    }
  }

  /** Goes on until more bytes are needed. */
  private void advance() throws SSLException {
    while (true) {
      HandshakeStatus status = engine.getHandshakeStatus();
      if (status == HandshakeStatus.NEED_TASK) {
        Runnable task = engine.getDelegatedTask();
        while (task != null) {
          task.run();
          task = engine.getDelegatedTask();
        }
      } else if (status == HandshakeStatus.NEED_WRAP) {
        if (wrap(NOTHING) == 0 && engine.isOutboundDone()) {
          return;
        }
      } else if (!unwrap()) {
        return;
      }
    }
  }

  /** One record from the socket; false when there is none as a whole. */
  private boolean unwrap() throws SSLException {
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    incoming.flip();
    SSLEngineResult result;
    try {
      result = engine.unwrap(incoming, out);
    } finally {
      incoming.compact();
    }
    note(result);
    plain.write(out.array(), 0, out.position());
    return switch (result.getStatus()) {
      case OK -> result.bytesConsumed() > 0 || result.bytesProduced() > 0;
      case BUFFER_UNDERFLOW, CLOSED -> false;
      case BUFFER_OVERFLOW -> throw new SSLException("a record is larger than TLS allows");
    };
  }

  private int wrap(ByteBuffer source) throws SSLException {
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    note(engine.wrap(source, out));
    if (out.position() > 0) {
      byte[] record = new byte[out.flip().remaining()];
      out.get(record);
      toSocket.accept(record);
      return record.length;
    }
    return 0;
  }

  private void note(SSLEngineResult result) {
    if (result.getHandshakeStatus() == HandshakeStatus.FINISHED) {
      handshakeDone = true;
    }
  }
}
