package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.trust.Verdict.Refused;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Asks {@link Trust} of either end, and keeps why it said no. */
final class PeerTrustManager extends X509ExtendedTrustManager {
  private final Trust trust;
  private final InstantSource clock;

  PeerTrustManager(Trust trust, InstantSource clock) {
    this.trust = trust;
    this.clock = clock;
  }

  private void check(X509Certificate[] chain) throws CertificateException {
    if (trust.admit(List.of(chain), clock.instant()) instanceof Refused refused) {
      throw new RefusedCertificateException(refused);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind) throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, Socket socket)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String kind, SSLEngine engine)
      throws CertificateException {
    check(chain);
  }

  /** None: a stranger is not told whom this peer believes. */
  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
