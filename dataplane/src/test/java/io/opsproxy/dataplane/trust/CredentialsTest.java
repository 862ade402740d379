package io.opsproxy.dataplane.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.opsproxy.dataplane.testing.TestAuthority;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Handshakes between the engines of two peers, in memory. */
final class CredentialsTest {
  private static final String ALL = "trust: [{ca: ca.crt, names: [\"*\"]}]";
  private final TestAuthority authority = new TestAuthority();
  @TempDir private Path directory;

  @BeforeEach
  void files() {
    authority.writeCa(directory);
    authority.write(directory, "a");
    authority.write(directory, "b");
  }

  private Credentials of(String name, String... more) {
    String[] lines = new String[more.length + 2];
    lines[0] = "identity: {certificate: " + name + ".crt, key: " + name + ".key}";
    lines[1] = ALL;
    System.arraycopy(more, 0, lines, 2, more.length);
    return TrustFiles.credentials(directory, lines);
  }

  @Test
  void twoPeersKnowEachOther() throws Exception {
    SSLEngine client = of("a").client("b.example", 6443);
    SSLEngine server = of("b").server();
    shake(client, server);
    assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
    assertThat(server.getApplicationProtocol()).isEqualTo("opsproxy-peer/2");
    assertThat(client.getApplicationProtocol()).isEqualTo("opsproxy-peer/2");
    assertThat(PeerId.of((X509Certificate) server.getSession().getPeerCertificates()[0]))
        .hasValue(new PeerId(TestAuthority.id("a")));
    assertThat(PeerId.of((X509Certificate) client.getSession().getPeerCertificates()[0]))
        .hasValue(new PeerId(TestAuthority.id("b")));
  }

  @Test
  void tellsWhyAClientIsRefused() {
    Credentials revoking = of("b", "revoked: [\"" + TestAuthority.id("a") + "\"]");
    SSLException failure =
        catchThrowableOfType(
            SSLException.class, () -> shake(of("a").client("b.example", 6443), revoking.server()));
    assertThat(RefusedCertificateException.in(failure).orElseThrow().reason())
        .isEqualTo(Refusal.REVOKED);
  }

  @Test
  void tellsWhyAServerIsRefused() {
    Credentials revoking = of("a", "revoked: [\"" + TestAuthority.id("b") + "\"]");
    SSLException failure =
        catchThrowableOfType(
            SSLException.class, () -> shake(revoking.client("b.example", 6443), of("b").server()));
    assertThat(RefusedCertificateException.in(failure).orElseThrow().reason())
        .isEqualTo(Refusal.REVOKED);
  }

  @Test
  void refusesAClientWithoutCertificate() throws Exception {
    SSLContext anonymous = SSLContext.getInstance("TLSv1.3");
    anonymous.init(
        null,
        new javax.net.ssl.TrustManager[] {
          new PeerTrustManager(of("a").trust(), java.time.InstantSource.system())
        },
        null);
    SSLEngine client = anonymous.createSSLEngine();
    client.setUseClientMode(true);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {Credentials.ALPN});
    client.setSSLParameters(parameters);
    SSLException failure =
        catchThrowableOfType(SSLException.class, () -> shake(client, of("b").server()));
    assertThat(RefusedCertificateException.in(failure).orElseThrow().reason())
        .isEqualTo(Refusal.NO_CERTIFICATE);
  }

  @Test
  void takesNoOtherProtocolThanThatOfPeers() {
    SSLEngine client = of("a").client("b.example", 6443);
    SSLParameters parameters = client.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    client.setSSLParameters(parameters);
    SSLException failure =
        catchThrowableOfType(SSLException.class, () -> shake(client, of("b").server()));
    assertThat(failure).hasMessageContaining("application");
    assertThat(RefusedCertificateException.in(failure)).isEmpty();
  }

  @Test
  void speaksNothingOlder() {
    assertThat(of("a").server().getEnabledProtocols()).containsExactly("TLSv1.3");
    assertThat(of("a").client("b.example", 1).getEnabledProtocols()).containsExactly("TLSv1.3");
  }

  @Test
  void signsWhatItsCertificateVerifies() {
    Identity identity = of("a").identity();
    byte[] data = "names".getBytes(StandardCharsets.UTF_8);
    byte[] signature = identity.sign(data);
    X509Certificate certificate = identity.chain().get(0);
    assertThat(Signatures.verify(certificate, data, signature)).isTrue();
    assertThat(Signatures.verify(certificate, "other".getBytes(StandardCharsets.UTF_8), signature))
        .isFalse();
    assertThat(Signatures.verify(of("b").identity().chain().get(0), data, signature)).isFalse();
    assertThat(Signatures.verify(certificate, data, new byte[0])).isFalse();
    assertThat(Signatures.verify(certificate, data, new byte[4096])).isFalse();
  }

  /** Runs both ends until neither has more to say. */
  private static void shake(SSLEngine client, SSLEngine server) throws SSLException {
    ByteBuffer toServer = ByteBuffer.allocate(1 << 17);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 17);
    client.beginHandshake();
    server.beginHandshake();
    for (int round = 0; round < 100; round++) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
      if (done(client) && done(server) && toServer.position() == 0 && toClient.position() == 0) {
        return;
      }
    }
    throw new AssertionError("the handshake does not end");
  }

  private static boolean done(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
  }

  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    ByteBuffer nothing = ByteBuffer.allocate(0);
    ByteBuffer plain = ByteBuffer.allocate(1 << 15);
    while (true) {
      Runnable task = engine.getDelegatedTask();
      if (task != null) {
        task.run();
        continue;
      }
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        engine.wrap(nothing, out);
        continue;
      }
      in.flip();
      int before = in.remaining();
      if (before > 0) {
        engine.unwrap(in, plain);
      }
      boolean moved = in.remaining() < before;
      in.compact();
      if (!moved && engine.getHandshakeStatus() != HandshakeStatus.NEED_TASK) {
        return;
      }
    }
  }
}
