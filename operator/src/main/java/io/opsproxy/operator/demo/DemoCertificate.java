package io.opsproxy.operator.demo;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A certificate that is made when the demo starts, by the JDK's own keytool, and is gone with it.
 */
final class DemoCertificate {
  private final SSLContext server;
  private final SSLContext client;
  private final Path pem;

  private DemoCertificate(SSLContext server, SSLContext client, Path pem) {
    this.server = server;
    this.client = client;
    this.pem = pem;
  }

  static DemoCertificate make(Path directory, List<String> names)
      throws IOException, InterruptedException, GeneralSecurityException {
    Path store = directory.resolve("demo.p12");
    String password = UUID.randomUUID().toString();
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair"));
    command.addAll(
        List.of("-alias", "demo", "-keyalg", "EC", "-groupname", "secp256r1", "-validity", "2"));
    command.addAll(
        List.of("-dname", "CN=ops-proxy demo", "-ext", "SAN=dns:" + String.join(",dns:", names)));
    command.addAll(
        List.of("-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", password));
    Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output =
        new String(
            keytool.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed: " + output);
    }
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, password.toCharArray());
    }
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, password.toCharArray());
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(keyManagers.getKeyManagers(), null, null);
    Certificate certificate = keys.getCertificate("demo");
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("demo", certificate);
    TrustManagerFactory trustManagers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(trust);
    SSLContext client = SSLContext.getInstance("TLS");
    client.init(null, trustManagers.getTrustManagers(), null);
    Path pem = directory.resolve("demo.pem");
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(certificate.getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    return new DemoCertificate(server, client, pem);
  }

  /** For the backends. */
  SSLContext server() {
    return server;
  }

  /** Trusts this certificate and no other. */
  SSLContext client() {
    return client;
  }

  /** The certificate for {@code curl --cacert}. */
  Path pem() {
    return pem;
  }
}
