package io.opsproxy.dataplane.mesh.v2;

import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.opsproxy.dataplane.trust.Credentials;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Arrays;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** A peer with a certificate that says what a test tells it to; it believes whoever answers. */
final class ScriptedTrustedPeer implements AutoCloseable {
  private final SSLSocket socket;
  private final MessageReader reader = new MessageReader();
  private final byte[] buffer = new byte[16 * 1024];

  /** Dials a peer and is linked to it. */
  ScriptedTrustedPeer(InetSocketAddress to, Issued issued, String name) {
    try {
      socket = (SSLSocket) context(issued).getSocketFactory().createSocket();
      socket.setSoTimeout(10_000);
      // what it does not read is soon noticed
      socket.setReceiveBufferSize(16 * 1024);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {Credentials.ALPN});
      socket.setSSLParameters(parameters);
      socket.connect(to, 5_000);
      socket.startHandshake();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    send(new Message.Hello(V2Link.VERSION, Tokens.random(16), name, "127.0.0.1:1", 1, false));
    await(Message.Welcome.class, welcome -> true);
  }

  private static SSLContext context(Issued issued) {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      store.setKeyEntry("own", issued.key(), new char[0], new Certificate[] {issued.certificate()});
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, new char[0]);
      SSLContext context = SSLContext.getInstance("TLSv1.3");
      context.init(
          keys.getKeyManagers(), InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  ScriptedTrustedPeer send(Message message) {
    try {
      socket.getOutputStream().write(MessageCodec.encode(message));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next such message; pings are answered and all else is passed over meanwhile. */
  <T extends Message> T await(Class<T> type, Predicate<T> which) {
    try {
      InputStream in = socket.getInputStream();
      while (true) {
        for (Message next = reader.next(); next != null; next = reader.next()) {
          if (next instanceof Message.Ping ping) {
            send(new Message.Pong(ping.stamp()));
          } else if (type.isInstance(next) && which.test(type.cast(next))) {
            return type.cast(next);
          }
        }
        int count = in.read(buffer);
        if (count < 0) {
          throw new AssertionError("the link was closed before " + type.getSimpleName());
        }
        reader.append(Unpooled.wrappedBuffer(Arrays.copyOf(buffer, count)));
      }
    } catch (IOException | MessageCodec.BadFrameException e) {
      throw new AssertionError("no " + type.getSimpleName() + " came", e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
