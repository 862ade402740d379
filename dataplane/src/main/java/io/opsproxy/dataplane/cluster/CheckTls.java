package io.opsproxy.dataplane.cluster;

import io.opsproxy.dataplane.config.model.HealthCheck;
import io.opsproxy.dataplane.config.model.HealthCheck.Scheme;
import io.opsproxy.dataplane.dial.Resolver;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * How checks speak TLS, and whom they believe. On the watching loop.
 *
 * <p>With {@code scheme: auto}, and neither {@code ca} nor {@code server_name}, no certificate is
 * verified: the check then says "speaks TLS and answers", and nothing of whose it is. API servers
 * have certificates of a private CA that the file does not name; and nothing rests on the check's
 * word, because TLS passes through this peer, and clients verify from end to end.
 */
final class CheckTls {
  private final HealthCheck.Http http;
  private final boolean verifies;
  private SSLContext context;
  private FileTime caModified;

  CheckTls(HealthCheck.Http http) {
    this.http = http;
    boolean unnamed =
        http.scheme() == Scheme.AUTO && http.ca().isEmpty() && http.serverName().isEmpty();
    verifies = !http.insecureSkipVerify() && !unnamed;
  }

  /**
   * For one connection.
   *
   * @throws IOException when the CA file cannot be read
   */
  SSLEngine engine(Endpoint endpoint) throws IOException, GeneralSecurityException {
    String name = http.serverName().orElse(endpoint.address().host());
    SSLEngine engine = context().createSSLEngine(name, endpoint.address().port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setServerNames(serverNames(name));
    if (verifies) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    return engine;
  }

  /** None for an address, and for a name that TLS has no form for, such as one with underscores. */
  private static List<SNIServerName> serverNames(String name) {
    try {
      return Resolver.literal(name) == null ? List.of(new SNIHostName(name)) : List.of();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  private SSLContext context() throws IOException, GeneralSecurityException {
    Optional<Path> ca = verifies ? http.ca() : Optional.empty();
    FileTime modified = ca.isPresent() ? modified(ca.get()) : null;
    if (context == null || (modified != null && !modified.equals(caModified))) {
      TrustManager[] trust =
          verifies
              ? ca.isPresent() ? trusting(ca.get()) : null
              : new TrustManager[] {new Everyone()};
      SSLContext made = SSLContext.getInstance("TLS");
      made.init(null, trust, null);
      context = made;
      caModified = modified;
    }
    return context;
  }

  private static FileTime modified(Path ca) throws IOException {
    try {
      return Files.getLastModifiedTime(ca);
    } catch (NoSuchFileException e) {
      throw new IOException("there is no file " + ca + " (ca)", e);
    }
  }

  private static TrustManager[] trusting(Path ca) throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    int count = 0;
    try (InputStream file = Files.newInputStream(ca)) {
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        store.setCertificateEntry("ca-" + count++, certificate);
      }
    }
    if (count == 0) {
      throw new CertificateException(ca + " has no certificate");
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  /** Extended, so that the JDK adds no checks of its own. */
  private static final class Everyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
