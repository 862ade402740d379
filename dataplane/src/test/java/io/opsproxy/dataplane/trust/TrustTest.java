package io.opsproxy.dataplane.trust;

import static org.assertj.core.api.Assertions.assertThat;

import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.testing.TestAuthority;
import io.opsproxy.dataplane.trust.Verdict.Admitted;
import io.opsproxy.dataplane.trust.Verdict.Refused;
import io.opsproxy.dataplane.trust.issue.Issued;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom {@link Trust} admits, for what, and why others not. */
final class TrustTest {
  private static final String OWN = "identity: {certificate: own.crt, key: own.key}";
  private static final String ALL = "trust: [{ca: ca.crt, names: [\"*\"]}]";
  private final Instant now = Instant.now();
  private final TestAuthority authority = new TestAuthority();
  @TempDir private Path directory;

  @BeforeEach
  void files() {
    authority.writeCa(directory);
    authority.write(directory, "own");
  }

  private Trust trust(String... mesh) {
    String[] lines = new String[mesh.length + 1];
    lines[0] = OWN;
    System.arraycopy(mesh, 0, lines, 1, mesh.length);
    return TrustFiles.credentials(directory, lines).trust();
  }

  private Verdict admit(Trust trust, Issued issued) {
    return trust.admit(List.of(issued.certificate()), now);
  }

  private Refused refused(Trust trust, Issued issued) {
    return (Refused) admit(trust, issued);
  }

  private static HostName name(String name) {
    return HostName.pattern(name).orElseThrow();
  }

  @Test
  void admitsWhoChainsToAnAuthority() {
    Issued west = authority.issue("west");
    Admitted admitted = (Admitted) admit(trust(ALL), west);
    assertThat(admitted.id().value()).isEqualTo("spiffe://mesh.test/peer/west");
    assertThat(admitted.expires()).isEqualTo(west.certificate().getNotAfter().toInstant());
    assertThat(admitted.grant().mayOwn(name("*.any.example.com"))).isTrue();
    assertThat(admitted.grant().mayTransit()).isFalse();
  }

  /** Every {@link TestAuthority} has the same name: only the signature tells them apart. */
  @Test
  void refusesAnotherAuthorityOfTheSameName() {
    Refused refused = refused(trust(ALL), new TestAuthority().issue("west"));
    assertThat(refused.reason()).isEqualTo(Refusal.UNTRUSTED);
    assertThat(refused.message())
        .isEqualTo(
            "peer spiffe://mesh.test/peer/west: its certificate comes from no authority of"
                + " mesh.trust");
    assertThat(refused.remedy()).isNotEmpty();
  }

  @Test
  void anAuthorityCountsForItsOwnEntryAlone() {
    TestAuthority other = new TestAuthority();
    TestAuthority.put(directory.resolve("other.crt"), other.pem());
    Trust trust =
        trust(
            "trust:",
            "- {ca: ca.crt, peers: [\"*/west\"], names: [west]}",
            "- {ca: other.crt, peers: [\"*/east\"], names: [east]}");
    assertThat(((Admitted) admit(trust, authority.issue("west"))).grant().mayOwn(name("east")))
        .isFalse();
    assertThat(refused(trust, authority.issue("east")).reason())
        .isEqualTo(Refusal.PEER_NOT_ALLOWED);
    assertThat(admit(trust, other.issue("east"))).isInstanceOf(Admitted.class);
    assertThat(refused(trust, other.issue("west")).reason()).isEqualTo(Refusal.PEER_NOT_ALLOWED);
  }

  @Test
  void entriesOfOneAuthorityAddUp() {
    Trust trust =
        trust(
            "trust:",
            "- {ca: ca.crt, names: [\"*.all.example.com\"]}",
            "- {ca: ca.crt, peers: [spiffe://mesh.test/peer/west], names: [orders], transit: true}");
    Grant west = ((Admitted) admit(trust, authority.issue("west"))).grant();
    assertThat(west.mayOwn(name("orders"))).isTrue();
    assertThat(west.mayOwn(name("a.all.example.com"))).isTrue();
    assertThat(west.mayTransit()).isTrue();
    Grant east = ((Admitted) admit(trust, authority.issue("east"))).grant();
    assertThat(east.mayOwn(name("orders"))).isFalse();
    assertThat(east.mayTransit()).isFalse();
  }

  @Test
  void refusesOutsideOfTheValidityAtEitherEnd() {
    Trust trust = trust(ALL);
    Refused ended = refused(trust, authority.issueExpired("west"));
    assertThat(ended.reason()).isEqualTo(Refusal.EXPIRED);
    assertThat(ended.message()).contains("expired since");
    Instant tomorrow = now.plus(Duration.ofDays(1));
    Issued early =
        authority.issueFor(TestAuthority.id("west"), tomorrow, tomorrow.plusSeconds(3600));
    assertThat(refused(trust, early).reason()).isEqualTo(Refusal.EXPIRED);
    assertThat(refused(trust, early).message()).contains("not valid before");
  }

  @Test
  void whoWasAdmittedExpiresAllTheSame() {
    Trust trust = trust(ALL);
    Issued west = authority.issue("west");
    assertThat(admit(trust, west)).isInstanceOf(Admitted.class);
    Verdict later = trust.admit(List.of(west.certificate()), now.plus(Duration.ofDays(31)));
    assertThat(((Refused) later).reason()).isEqualTo(Refusal.EXPIRED);
  }

  @Test
  void anExpiredStrangerIsAStranger() {
    assertThat(refused(trust(ALL), new TestAuthority().issueExpired("west")).reason())
        .isEqualTo(Refusal.UNTRUSTED);
  }

  @Test
  void endsWithItsAuthority() {
    Issued west =
        authority.issueFor(
            TestAuthority.id("west"), now.minusSeconds(60), now.plus(Duration.ofDays(300)));
    Admitted admitted = (Admitted) admit(trust(ALL), west);
    assertThat(admitted.expires())
        .isEqualTo(authority.authority().own().certificate().getNotAfter().toInstant());
    Verdict later = trust(ALL).admit(List.of(west.certificate()), now.plus(Duration.ofDays(200)));
    assertThat(((Refused) later).reason()).isEqualTo(Refusal.EXPIRED);
  }

  @Test
  void refusesWhatIsRevokedByIdSerialOrList() {
    Issued west = authority.issue("west");
    String serial = west.certificate().getSerialNumber().toString(16);
    for (String line :
        List.of(
            "revoked: [\"" + TestAuthority.id("west") + "\"]",
            "revoked: [serial:" + serial + "]")) {
      Trust trust = trust(ALL, line);
      assertThat(refused(trust, west).reason()).as(line).isEqualTo(Refusal.REVOKED);
      assertThat(admit(trust, authority.issue("east"))).as(line).isInstanceOf(Admitted.class);
    }
    TestAuthority.put(directory.resolve("crl.pem"), authority.revoke(west.certificate()));
    Trust trust = trust(ALL, "crl: crl.pem");
    assertThat(refused(trust, west).reason()).isEqualTo(Refusal.REVOKED);
    assertThat(admit(trust, authority.issue("west"))).isInstanceOf(Admitted.class);
  }

  @Test
  void refusesWhoShowsNothing() {
    assertThat(((Refused) trust(ALL).admit(List.of(), now)).reason())
        .isEqualTo(Refusal.NO_CERTIFICATE);
  }

  @Test
  void refusesAnAuthorityAsPeer() {
    assertThat(refused(trust(ALL), authority.authority().own()).reason())
        .isEqualTo(Refusal.UNTRUSTED);
  }

  @Test
  void withoutTrustEverybodyIsAStranger() {
    assertThat(refused(trust(), authority.issue("west")).reason()).isEqualTo(Refusal.UNTRUSTED);
  }
}
