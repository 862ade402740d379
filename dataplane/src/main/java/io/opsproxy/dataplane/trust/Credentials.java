package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.load.Companion;
import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;

/**
 * All that a peer needs to prove itself and to judge others, of one state of the files. Immutable
 * but for the TLS sessions that it remembers; for any thread. A new state has a new one, so that no
 * session outlives what it was made with.
 */
public final class Credentials implements Companion.Product {
  /** The private ALPN id of peer links. */
  public static final String ALPN = "opsproxy-peer/2";

  /** The server name of peer links: no name that anybody routes (RFC 6761 6.4). */
  public static final String SERVER_NAME = "peer.opsproxy.invalid";

  /** TLS sessions that can be resumed, each way; each holds the certificates of a peer. */
  private static final int MAX_SESSIONS = 1024;

  private static final String[] PROTOCOLS = {"TLSv1.3"};

  private final Identity identity;
  private final Trust trust;
  private final SSLContext tls;

  /**
   * @param clock what time certificates are judged by
   */
  Credentials(Identity identity, Trust trust, InstantSource clock) {
    this.identity = identity;
    this.trust = trust;
    try {
      tls = SSLContext.getInstance("TLSv1.3");
      tls.init(
          new KeyManager[] {new IdentityKeyManager(identity)},
          new TrustManager[] {new PeerTrustManager(trust, clock)},
          null);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has TLS 1.3", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("TLS takes no key of this kind", e);
    }
    tls.getServerSessionContext().setSessionCacheSize(MAX_SESSIONS);
    tls.getClientSessionContext().setSessionCacheSize(MAX_SESSIONS);
  }

  /** Who this peer is. */
  public Identity identity() {
    return identity;
  }

  /** Whom it believes. A resumed session asks it again: its certificates were judged long ago. */
  public Trust trust() {
    return trust;
  }

  /**
   * TLS of an accepted link: TLS 1.3 only, ALPN {@link #ALPN} only, a client certificate that
   * {@link Trust#admit} admits. What is refused ends the handshake with an exception that {@link
   * RefusedCertificateException#in} understands. A client without that ALPN id ends it too.
   */
  public SSLEngine server() {
    SSLEngine engine = tls.createSSLEngine();
    engine.setUseClientMode(false);
    SSLParameters parameters = parameters();
    parameters.setNeedClientAuth(true);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /**
   * TLS of a dialled link, the same otherwise. The name that was dialled proves nothing and is not
   * asked of the certificate: the id in it is what counts. A server that has not chosen {@link
   * #ALPN} shows in {@link SSLEngine#getApplicationProtocol} after the handshake.
   *
   * @param host what was dialled; sessions are remembered by it
   */
  public SSLEngine client(String host, int port) {
    SSLEngine engine = tls.createSSLEngine(host, port);
    engine.setUseClientMode(true);
    SSLParameters parameters = parameters();
    parameters.setServerNames(List.of(new SNIHostName(SERVER_NAME)));
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setApplicationProtocols(new String[] {ALPN});
    return parameters;
  }
}
