package io.opsproxy.dataplane.sniff;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.config.value.IpLiteral;
import io.opsproxy.dataplane.sniff.ProxyHeader.NeedMore;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What must hold for any bytes at all: no exception, the same answer however the bytes are cut, and
 * no other name than a second implementation reads.
 *
 * <p>{@code mvn test} replays the saved inputs, which lie in {@code SnifferFuzzTestInputs/<method>}
 * among the test resources as plain bytes of a client. To search for new ones, one method a run,
 * two minutes each time:
 *
 * <pre>
 * JAZZER_FUZZ=1 mvn -pl dataplane test -Dtest='SnifferFuzzTest#clientHello'
 * </pre>
 *
 * <p>A run goes on from what the runs before it found, which lies in {@code
 * dataplane/.cifuzz-corpus}; so to search for a night, repeat the command in a loop. What breaks an
 * assertion is written among the saved inputs; keep it there, with a name, when it is mended.
 */
class SnifferFuzzTest {
  private static final String DURATION = "2m";

  @FuzzTest(maxDuration = DURATION)
  void clientHello(byte[] data) {
    if (!(sniff(data) instanceof Sniff.Tls tls)) {
      return;
    }
    byte[] message = handshake(data);
    byte[] recut = Hello.inRecordsOf(message, 1 + chosen(data, 60));
    if (recut.length <= Sniffer.MAX_BYTES) {
      assertThat(Cuts.whole(recut)).isEqualTo(tls);
    }
    // Netty waits for the whole last record, even where the hello ends within it.
    byte[] wholeRecords = Hello.inRecordsOf(message, 1 << 14);
    assertThat(NettyReader.serverName(wholeRecords)).hasSize(1);
    for (byte[] bytes : List.of(wholeRecords, data)) {
      for (Optional<String> theirs : NettyReader.serverName(bytes)) {
        assertSameName(theirs.orElse(""), tls.serverName());
      }
    }
  }

  private static void assertSameName(String theirs, Optional<HostName> ours) {
    Optional<HostName> name = HostName.exact(theirs);
    if (ours.isPresent()) {
      assertThat(name).isEqualTo(ours);
    } else if (!theirs.isEmpty() && theirs.indexOf(':') < 0) {
      assertThat(IpLiteral.parse4(name.orElseThrow().value())).as("name %s", theirs).isNotNull();
    }
  }

  /** The handshake bytes of a record sequence that was found to be right, without what follows. */
  private static byte[] handshake(byte[] data) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int length = Integer.MAX_VALUE;
    for (int at = 0; out.size() < length; ) {
      int record = ((data[at + 3] & 0xff) << 8) | (data[at + 4] & 0xff);
      out.write(data, at + 5, Math.min(record, data.length - at - 5));
      at += 5 + record;
      byte[] so = out.toByteArray();
      if (so.length >= 4) {
        length = 4 + (((so[1] & 0xff) << 16) | ((so[2] & 0xff) << 8) | (so[3] & 0xff));
      }
    }
    return Arrays.copyOf(out.toByteArray(), length);
  }

  @FuzzTest(maxDuration = DURATION)
  void httpHead(byte[] data) {
    if (!(sniff(data) instanceof Sniff.Http http)) {
      return;
    }
    String text = new String(data, 0, http.headLength(), StandardCharsets.ISO_8859_1);
    assertThat(text.indexOf("\r\n\r\n") + 4).isEqualTo(http.headLength());
    assertThat(HostName.exact(http.host().value())).contains(http.host());
    Optional<List<String>> hosts = NettyReader.hosts(Arrays.copyOf(data, http.headLength()));
    boolean targetNamesHost = http.connect().isPresent() || text.split(" ", 3)[1].contains("://");
    if (hosts.isPresent() && !(targetNamesHost && hosts.get().isEmpty())) {
      assertThat(hosts.get()).hasSize(1);
      Optional<HostName> theirs = HostName.ofAuthority(hosts.get().get(0));
      assertThat(theirs).isPresent();
      if (!targetNamesHost) {
        assertThat(theirs).contains(http.host());
      }
    }
  }

  @FuzzTest(maxDuration = DURATION)
  void peerLine(byte[] data) {
    String text = new String(data, StandardCharsets.ISO_8859_1);
    Sniff sniff = sniff(data);
    for (Sniff.Verb verb : Sniff.Verb.values()) {
      assertThat(sniff.equals(new Sniff.PeerLine(verb))).isEqualTo(text.startsWith(verb + ":"));
      if ((verb + ":").startsWith(text)) {
        assertThat(sniff)
            .isInstanceOf(
                text.length() > verb.name().length() ? Sniff.PeerLine.class : Sniff.NeedMore.class);
      }
    }
  }

  @FuzzTest(maxDuration = DURATION)
  void proxyHeader(byte[] data) {
    ProxyHeader.Result whole = ProxyHeader.parse(data, data.length);
    for (int length = 0; length < Math.min(data.length, ProxyHeader.MAX_BYTES + 1); length++) {
      ProxyHeader.Result part = ProxyHeader.parse(Arrays.copyOf(data, length), length);
      if (!(part instanceof NeedMore)) {
        assertThat(part).as("first %d bytes", length).isEqualTo(whole);
      }
    }
    if (whole instanceof NeedMore) {
      assertThat(data.length).isLessThan(ProxyHeader.MAX_BYTES);
    }
    if (whole instanceof ProxyHeader.Header header) {
      assertThat(header.length()).isBetween(15, ProxyHeader.MAX_BYTES);
      assertThat(header.length()).isLessThanOrEqualTo(data.length);
      assertThat(header.source().isPresent()).isEqualTo(header.destination().isPresent());
    }
  }

  /** What the sniffer says, however these bytes are cut. */
  private static Sniff sniff(byte[] data) {
    Sniff whole = Cuts.whole(data);
    assertThat(Cuts.atCuts(data, chosen(data, data.length + 1))).isEqualTo(whole);
    if (data.length <= 2048) {
      assertThat(Cuts.byteByByte(data)).isEqualTo(whole);
    }
    if (whole instanceof Sniff.NeedMore) {
      assertThat(data.length).isLessThan(Sniffer.MAX_BYTES);
    }
    return whole;
  }

  /** A number from 0 to below {@code bound} that depends on the bytes only. */
  private static int chosen(byte[] data, int bound) {
    return Math.floorMod(Arrays.hashCode(data), bound);
  }
}
