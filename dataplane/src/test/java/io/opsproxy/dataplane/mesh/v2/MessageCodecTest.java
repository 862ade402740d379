package io.opsproxy.dataplane.mesh.v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.Unpooled;
import io.opsproxy.dataplane.config.value.HostName;
import io.opsproxy.dataplane.mesh.v2.MessageCodec.BadFrameException;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Messages of protocol v2 as bytes, cut anywhere, and broken. */
class MessageCodecTest {
  private static final HostName NAME = HostName.pattern("*.web.example.com").orElseThrow();

  private static final List<Message> ALL =
      List.of(
          new Message.Hello(2, "0011", "core", "10.0.0.1:6443", 7, true),
          new Message.Welcome("aa", "bb"),
          new Message.Add(1, NAME),
          new Message.Remove(Long.MAX_VALUE, NAME, ""),
          new Message.Ack(3, NAME, "name_not_allowed", "no, für niemanden", "spiffe://m/peer/a"),
          new Message.Ping(-5),
          new Message.Pong(0),
          new Message.Want(256, true),
          new Message.Join("aa", 9, true, "cc"),
          new Message.Open(
              NAME,
              "192.0.2.1:1",
              "[::1]:2",
              8,
              List.of("a", "b"),
              "ee",
              "spiffe://m/peer/a",
              "4f3a"),
          new Message.Opened(),
          new Message.OpenFailed("loop", ""));

  private static List<Message> read(byte[] bytes, int cut) throws BadFrameException {
    MessageReader reader = new MessageReader();
    List<Message> read = new ArrayList<>();
    for (int from = 0; from < bytes.length; from += cut) {
      reader.append(Unpooled.wrappedBuffer(bytes, from, Math.min(cut, bytes.length - from)));
      for (Message message = reader.next(); message != null; message = reader.next()) {
        read.add(message);
      }
    }
    return read;
  }

  @Test
  void everyMessageIsReadAsItWasWrittenHoweverItIsCut() throws BadFrameException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ALL.forEach(message -> all.writeBytes(MessageCodec.encode(message)));
    for (int cut = 1; cut <= all.size(); cut++) {
      assertThat(read(all.toByteArray(), cut)).isEqualTo(ALL);
    }
  }

  @Test
  void whatFollowsAMessageIsLeftForWhoWantsIt() throws BadFrameException {
    byte[] opened = MessageCodec.encode(new Message.Opened());
    byte[] all = Arrays.copyOf(opened, opened.length + 3);
    MessageReader reader = new MessageReader();
    reader.append(Unpooled.wrappedBuffer(all));
    assertThat(reader.next()).isEqualTo(new Message.Opened());
    assertThat(reader.rest()).hasSize(3);
  }

  @Test
  void aMessageOfALaterVersionAndAFieldOfALaterVersionArePassedOver() throws BadFrameException {
    assertThat(read(MessageCodec.encode(new Message.Unknown(200)), 1))
        .containsExactly(new Message.Unknown(200));
    byte[] ping = MessageCodec.encode(new Message.Ping(4));
    byte[] more = Arrays.copyOf(ping, ping.length + 5);
    more[ping.length] = 99;
    more[ping.length + 2] = 2;
    more[3] = (byte) (more[3] + 5);
    assertThat(read(more, more.length)).containsExactly(new Message.Ping(4));
  }

  @Test
  void aFrameThatIsTooLongIsRefusedBeforeItIsHeld() {
    byte[] header = {0, 1, 0, 1};
    assertThatThrownBy(() -> read(header, 4)).hasMessageContaining("longer than 65536");
  }

  @Test
  void brokenFramesAreRefusedOrReadAndNothingElse() {
    Random random = new Random(11);
    for (int i = 0; i < 200_000; i++) {
      byte[] frame = MessageCodec.encode(ALL.get(random.nextInt(ALL.size())));
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        frame[MessageCodec.HEADER + random.nextInt(frame.length - MessageCodec.HEADER)] =
            (byte) random.nextInt();
      }
      try {
        Message read = MessageCodec.decode(frame, MessageCodec.HEADER, frame.length);
        assertThat(read).isNotNull();
      } catch (BadFrameException e) {
        assertThat(e.getMessage()).isNotEmpty();
      }
    }
  }
}
