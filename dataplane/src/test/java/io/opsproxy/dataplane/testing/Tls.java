package io.opsproxy.dataplane.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for some names, made by the JDK's own keytool, and both ends that use it. */
public final class Tls {
  private static final String PASSWORD = PrivateCa.PASSWORD;
  private final SSLContext context;

  public Tls(Path directory, String... names) {
    this(selfSigned(directory.resolve("test.p12"), names), "test");
  }

  /**
   * @param keys with one private key, under {@link #PASSWORD}
   * @param trusted alias of the certificate that clients trust
   */
  Tls(KeyStore keys, String trusted) {
    try {
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry(trusted, keys.getCertificate(trusted));
      KeyManagerFactory keyManagers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keys, PASSWORD.toCharArray());
      TrustManagerFactory trustManagers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trustManagers.init(trust);
      context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static KeyStore selfSigned(Path store, String... names) {
    PrivateCa.keytool(
        PrivateCa.KEY + " -alias test -dname CN=test -ext SAN=dns:" + String.join(",dns:", names),
        store);
    return PrivateCa.load(store);
  }

  /** A client over an open connection that asks for this name and checks the certificate. */
  public Wire client(Wire wire, String name) {
    try {
      SSLSocket socket = socket(wire, true);
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      parameters.setServerNames(List.of(new SNIHostName(name)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new Wire(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Clients make whole handshakes again: to resume one is to ask for the name of that time. */
  public void forgetSessions() {
    for (byte[] id : Collections.list(context.getClientSessionContext().getIds())) {
      SSLSession session = context.getClientSessionContext().getSession(id);
      if (session != null) {
        session.invalidate();
      }
    }
  }

  /** The server's end of an accepted connection. */
  public Wire server(Wire wire) {
    try {
      SSLSocket socket = socket(wire, false);
      socket.startHandshake();
      return new Wire(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SSLSocket socket(Wire wire, boolean client) throws IOException {
    Socket plain = wire.socket();
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, "localhost", plain.getPort(), true);
    socket.setUseClientMode(client);
    return socket;
  }

  /** The ClientHello of a real client for a name, or for none. */
  public static byte[] hello(String name) {
    try {
      javax.net.ssl.SSLEngine engine = SSLContext.getDefault().createSSLEngine();
      engine.setUseClientMode(true);
      if (name != null) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setServerNames(List.of(new SNIHostName(name)));
        engine.setSSLParameters(parameters);
      }
      java.nio.ByteBuffer record =
          java.nio.ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
      engine.wrap(java.nio.ByteBuffer.allocate(0), record);
      byte[] bytes = new byte[record.flip().remaining()];
      record.get(bytes);
      return bytes;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
