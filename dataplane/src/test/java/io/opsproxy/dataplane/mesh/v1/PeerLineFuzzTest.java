package io.opsproxy.dataplane.mesh.v1;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.netty.buffer.Unpooled;
import io.opsproxy.dataplane.mesh.names.Offer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What must hold for any bytes on a peer link: no exception, the same lines however the bytes are
 * cut, and what was read can be written and read again.
 *
 * <p>{@code mvn test} replays the saved inputs in {@code PeerLineFuzzTestInputs}. To search for new
 * ones: {@code JAZZER_FUZZ=1 mvn -pl dataplane test -Dtest=PeerLineFuzzTest}.
 */
class PeerLineFuzzTest {
  private static final int MAX_LINE = 256;

  @FuzzTest(maxDuration = "2m")
  void control(byte[] data) {
    List<String> whole = new ArrayList<>();
    LineReader reader = new LineReader(MAX_LINE);
    boolean allowed = LineReaderTest.read(reader, Unpooled.wrappedBuffer(data), whole);
    List<String> cut = new ArrayList<>();
    LineReader cutReader = new LineReader(MAX_LINE);
    int at = Math.floorMod(Arrays.hashCode(data), data.length + 1);
    boolean allowedCut =
        LineReaderTest.read(cutReader, Unpooled.wrappedBuffer(data, 0, at), cut)
            && LineReaderTest.read(
                cutReader, Unpooled.wrappedBuffer(data, at, data.length - at), cut);
    assertThat(allowedCut).isEqualTo(allowed);
    assertThat(cut).isEqualTo(whole);
    whole.forEach(PeerLineFuzzTest::check);
  }

  private static void check(String text) {
    PeerLine line = PeerLineCodec.parse(text);
    if (line instanceof PeerLine.Sync sync && sync.sender().isPresent()) {
      PeerLine.Sync readable = new PeerLine.Sync(sync.sender(), sync.items(), 0);
      String written = PeerLineCodec.sync(sync.sender().get(), sync.items());
      assertThat(again(written)).isEqualTo(readable);
    } else if (line instanceof PeerLine.Register register && register.sender().isPresent()) {
      List<Offer.Item> items = new ArrayList<>();
      for (String written : PeerLineCodec.register(register.sender().get(), register.items())) {
        assertThat(written.getBytes(StandardCharsets.UTF_8).length)
            .isLessThanOrEqualTo(PeerLineCodec.MAX_LINE);
        items.addAll(((PeerLine.Register) again(written)).items());
      }
      assertThat(items).isEqualTo(register.items());
    } else if (line instanceof PeerLine.Forward forward && forward.backend().isPresent()) {
      assertThat(
              again(PeerLineCodec.forward(forward.id(), forward.name(), forward.backend().get())))
          .isEqualTo(forward);
    } else if (line instanceof PeerLine.ForwardFailed failed) {
      assertThat(again(PeerLineCodec.forwardFailed(failed.id(), failed.reason())))
          .isEqualTo(failed);
    } else if (line instanceof PeerLine.Data data) {
      assertThat(again(PeerLineCodec.data(data.id()))).isEqualTo(data);
    }
  }

  private static PeerLine again(String written) {
    assertThat(written).endsWith("\n");
    String line = written.substring(0, written.length() - 1);
    assertThat(line).doesNotContain("\n");
    return PeerLineCodec.parse(line);
  }
}
