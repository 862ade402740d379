package io.opsproxy.dataplane.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A certificate for {@code api.test} and 127.0.0.1 that nobody but its own file vouches for.
 *
 * @param pem the certificate, which is its own CA
 * @param end when it ends
 */
record SelfSigned(SSLContext server, Path pem, Instant end) {

  static SelfSigned make(Path directory) throws Exception {
    Path store = directory.resolve("keys.p12");
    keytool(
        List.of(
            ("-genkeypair -alias k -keyalg EC -groupname secp256r1 -validity 2 -storetype PKCS12"
                    + " -storepass secret -dname CN=test -ext SAN=dns:api.test,ip:127.0.0.1"
                    + " -keystore "
                    + store)
                .split(" ")));
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, "secret".toCharArray());
    }
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "secret".toCharArray());
    SSLContext server = SSLContext.getInstance("TLS");
    server.init(managers.getKeyManagers(), null, null);
    String body = Base64.getMimeEncoder().encodeToString(keys.getCertificate("k").getEncoded());
    Path pem = directory.resolve("ca.pem");
    Files.writeString(
        pem, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
    Instant end = ((X509Certificate) keys.getCertificate("k")).getNotAfter().toInstant();
    return new SelfSigned(server, pem, end);
  }

  private static void keytool(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new java.util.ArrayList<>(arguments);
    command.add(0, Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }
}
