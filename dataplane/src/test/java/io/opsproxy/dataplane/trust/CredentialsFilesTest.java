package io.opsproxy.dataplane.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.load.LoadResult;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong with files is told, where they are named. */
final class CredentialsFilesTest {
  private static final String OWN = "identity: {certificate: own.crt, key: own.key}";
  private static final String ALL = "trust: [{ca: ca.crt, names: [\"*\"]}]";
  private final TestAuthority authority = new TestAuthority();
  @TempDir private Path directory;

  @BeforeEach
  void files() {
    authority.writeCa(directory);
    authority.write(directory, "own");
  }

  private void put(String file, String text) {
    TestAuthority.put(directory.resolve(file), text);
  }

  /** One error, at this place, with these words. */
  private void isRefused(String place, String words, String... mesh) {
    LoadResult loaded = TrustFiles.load(directory, mesh);
    assertThat(loaded.config()).isEmpty();
    assertThat(loaded.product()).isEmpty();
    assertThat(loaded.problems())
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.toString())
                  .startsWith("error: " + directory.resolve("config.yaml") + ":" + place + ": ")
                  .contains(words);
              assertThat(problem.remedy()).isNotEmpty();
            });
  }

  @Test
  void readsWhatIsRight() {
    LoadResult loaded = TrustFiles.load(directory, OWN, ALL);
    assertThat(loaded.problems()).isEmpty();
    Credentials credentials = CredentialsReader.of(loaded).orElseThrow();
    assertThat(credentials.identity().id()).isEqualTo(new PeerId(TestAuthority.id("own")));
    assertThat(loaded.named())
        .containsExactlyInAnyOrder(
            directory.resolve("own.crt"),
            directory.resolve("own.key"),
            directory.resolve("ca.crt"));
    assertThat(loaded.files()).containsExactly(directory.resolve("config.yaml"));
  }

  @Test
  void withoutIdentityNothingIsRead() {
    LoadResult loaded = TrustFiles.load(directory, "legacy_peers: []");
    assertThat(loaded.product()).isEmpty();
    assertThat(loaded.named()).isEmpty();
  }

  @Test
  void refusesAKeyOfAnotherCertificate() {
    put("own.key", authority.issue("own").keyPem());
    isRefused("3: mesh.identity.key", "the key does not belong to the certificate", OWN, ALL);
  }

  @Test
  void refusesWhatIsNoPem() {
    put("own.key", "secret");
    isRefused("3: mesh.identity.key", "own.key\": no PEM in it", OWN, ALL);
  }

  @Test
  void refusesAPemOfSomethingElse() {
    put("ca.crt", authority.issue("own").keyPem());
    isRefused("4: mesh.trust[0].ca", "has no PEM of a certificate", OWN, ALL);
  }

  @Test
  void refusesAnAuthorityThatIsNone() {
    put("ca.crt", authority.issue("west").certificatePem());
    isRefused("4: mesh.trust[0].ca", "is no authority", OWN, ALL);
  }

  @Test
  void refusesAnExpiredCertificateOfItsOwn() {
    TestAuthority.write(directory, "own", authority.issueExpired("own"));
    isRefused("3: mesh.identity.certificate", "the certificate is expired since", OWN, ALL);
  }

  @Test
  void refusesAFileThatIsNotThere() throws IOException {
    Files.delete(directory.resolve("ca.crt"));
    isRefused("4: mesh.trust[0].ca", "there is no such file as", OWN, ALL);
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    Files.delete(directory.resolve("ca.crt"));
    Files.createDirectory(directory.resolve("ca.crt"));
    isRefused("4: mesh.trust[0].ca", "is unreadable: is a directory", OWN, ALL);
  }

  @Test
  void namesTheLineOfWhatIsDamaged() {
    put(
        "ca.crt",
        authority.pem() + "-----BEGIN CERTIFICATE-----\nMAo\n-----END CERTIFICATE-----\n");
    int line = (int) authority.pem().lines().count() + 1;
    isRefused("4: mesh.trust[0].ca", "ca.crt\" line " + line + ": the PEM is", OWN, ALL);
  }

  @Test
  void refusesARevocationListThatItsAuthorityHasNotSigned() {
    put("crl.pem", new TestAuthority().revoke());
    isRefused("5: mesh.crl", "who has not signed it", OWN, ALL, "crl: crl.pem");
  }

  @Test
  void aRevocationListThatIsOverdueHoldsWithAWarning() throws Exception {
    Issued west = authority.issue("west");
    Instant now = Instant.now();
    put(
        "crl.pem",
        Issued.pem(
            "X509 CRL",
            authority
                .authority()
                .revoke(
                    java.util.List.of(west.certificate()),
                    now.minus(Duration.ofDays(2)),
                    now.minus(Duration.ofDays(1)))
                .getEncoded()));
    LoadResult loaded = TrustFiles.load(directory, OWN, ALL, "crl: crl.pem");
    assertThat(loaded.problems())
        .singleElement()
        .asString()
        .startsWith("warning: ")
        .contains("it still holds");
    assertThat(
            CredentialsReader.of(loaded)
                .orElseThrow()
                .trust()
                .admit(java.util.List.of(west.certificate()), now))
        .isInstanceOf(Verdict.Refused.class);
  }

  @Test
  void warnsAWeekBeforeTheEnd() {
    Instant now = Instant.now();
    TestAuthority.write(
        directory,
        "own",
        authority.issueFor(
            TestAuthority.id("own"), now.minusSeconds(60), now.plus(Duration.ofDays(6))));
    LoadResult loaded = TrustFiles.load(directory, OWN, ALL);
    assertThat(loaded.config()).isPresent();
    assertThat(loaded.problems())
        .singleElement()
        .asString()
        .startsWith("warning: ")
        .contains("own.crt\": ends at ");
  }

  @Test
  void readsTheOldFormOfEcKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    // PKCS#8 of the JDK holds the old form without its curve, which openssl puts into it
    byte[] pkcs8 = keys.getPrivate().getEncoded();
    byte[] octets = Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
    byte[] curve = java.util.HexFormat.of().parseHex("a00a06082a8648ce3d030107");
    byte[] old = new byte[2 + 3 + 2 + 32 + curve.length];
    byte[] head = java.util.HexFormat.of().parseHex("3031" + "020101" + "0420");
    System.arraycopy(head, 0, old, 0, head.length);
    System.arraycopy(octets, 0, old, head.length, 32);
    System.arraycopy(curve, 0, old, head.length + 32, curve.length);
    hasKey(keys, "EC PRIVATE KEY", old);
  }

  @Test
  void readsTheOldFormOfRsaKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    byte[] pkcs8 = keys.getPrivate().getEncoded();
    hasKey(keys, "RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, 26, pkcs8.length));
  }

  @Test
  void readsEd25519Keys() throws Exception {
    KeyPair keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    hasKey(keys, "PRIVATE KEY", keys.getPrivate().getEncoded());
  }

  private void hasKey(KeyPair keys, String label, byte[] bytes) {
    Instant now = Instant.now();
    PrivateKey key = keys.getPrivate();
    TestAuthority.write(
        directory,
        "own",
        new Issued(
            authority
                .authority()
                .issue(
                    TestAuthority.id("own"),
                    keys.getPublic(),
                    now.minusSeconds(60),
                    now.plusSeconds(3600)),
            key));
    put("own.key", Issued.pem(label, bytes));
    Identity identity = TrustFiles.credentials(directory, OWN, ALL).identity();
    byte[] signature = identity.sign(bytes);
    assertThat(Signatures.verify(identity.chain().get(0), bytes, signature)).isTrue();
  }
}
