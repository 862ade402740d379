package io.opsproxy.dataplane.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;

/** A CA that only its own file vouches for, and one server certificate from it. */
public final class PrivateCa {
  public static final String PASSWORD = "password";
  static final String KEY =
      "-genkeypair -keyalg EC -groupname secp256r1 -validity 2 -storetype PKCS12";
  private final Path directory;
  private final Path serverKeys;
  private final Path pem;

  /**
   * @param names of the server's certificate
   */
  public PrivateCa(Path directory, String... names) {
    this.directory = directory;
    serverKeys = directory.resolve("server.p12");
    pem = directory.resolve("ca.pem");
    Path caKeys = directory.resolve("ca.p12");
    keytool(KEY + " -alias ca -dname CN=private-ca -ext bc:c -ext ku:c=keyCertSign", caKeys);
    keytool("-exportcert -alias ca -rfc -file " + pem, caKeys);
    keytool(KEY + " -alias server -dname CN=server", serverKeys);
    keytool("-certreq -alias server -file " + file("request"), serverKeys);
    keytool(
        "-gencert -alias ca -validity 2 -rfc -infile "
            + file("request")
            + " -outfile "
            + file("server.pem")
            + " -ext SAN=dns:"
            + String.join(",dns:", names),
        caKeys);
    keytool("-importcert -noprompt -alias ca -file " + pem, serverKeys);
    keytool("-importcert -noprompt -alias server -file " + file("server.pem"), serverKeys);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  static void keytool(String arguments, Path store) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments.split(" ")));
    command.addAll(List.of("-keystore", store.toString(), "-storepass", PASSWORD));
    try {
      Process keytool = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (keytool.waitFor() != 0) {
        throw new AssertionError("keytool " + arguments + ": " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  /** The CA's certificate. */
  public Path pem() {
    return pem;
  }

  /** The server's key and its chain, PKCS12. */
  public Path serverKeys() {
    return serverKeys;
  }

  /** Both ends: a server with the certificate, and clients that trust the CA and nobody else. */
  public Tls tls() {
    return of(serverKeys);
  }

  /** The same from the file of {@link #serverKeys}. */
  public static Tls of(Path serverKeys) {
    return new Tls(load(serverKeys), "ca");
  }

  static KeyStore load(Path store) {
    try (InputStream file = Files.newInputStream(store)) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(file, PASSWORD.toCharArray());
      return keys;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
