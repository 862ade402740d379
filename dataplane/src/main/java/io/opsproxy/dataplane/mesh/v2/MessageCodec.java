package io.opsproxy.dataplane.mesh.v2;

import io.opsproxy.dataplane.config.value.HostName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Messages as bytes: a frame is its length (4 bytes, of what follows, at most {@value #MAX_FRAME}),
 * a type (1 byte), and fields, each a tag (1 byte), a length (2 bytes) and a value. Numbers are
 * big-endian. Fields that a reader does not know are stepped over; those that it needs must be
 * there. Pure; any thread.
 */
final class MessageCodec {
  /** Longest frame after its length, in bytes. */
  static final int MAX_FRAME = 64 * 1024;

  /** Bytes of the length before a frame. */
  static final int HEADER = 4;

  private static final int MAX_TEXT = 1024;
  private static final int MAX_VISITED = 16;

  /** Owners whose certificates one side of a link speaks of at a time. */
  static final int MAX_ORIGIN = 1024;

  /** Bytes of the certificates of one of them, and of all. */
  static final int MAX_CHAIN = 8 * 1024;

  static final int MAX_CHAINS = 1024 * 1024;

  private static final int HELLO = 1;
  private static final int WELCOME = 2;
  private static final int ADD = 3;
  private static final int REMOVE = 4;
  private static final int ACK = 5;
  private static final int PING = 6;
  private static final int PONG = 7;
  private static final int WANT = 8;
  private static final int ORIGIN = 9;
  private static final int ROUTE = 10;
  private static final int CARRY = 11;
  private static final int JOIN = 16;
  private static final int OPEN = 17;
  private static final int OPENED = 18;
  private static final int OPEN_FAILED = 19;

  private MessageCodec() {}

  /** A frame that breaks the rules. */
  static final class BadFrameException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * @param why one clause, without bytes of the sender
     */
    BadFrameException(String why) {
      super(why);
    }
  }

  /** The whole frame. */
  static byte[] encode(Message message) {
    if (message instanceof Message.Hello m) {
      return new Writer(HELLO)
          .number(1, m.version())
          .text(2, m.instance())
          .text(3, m.name())
          .text(4, m.address())
          .number(5, m.weight())
          .number(6, m.always() ? 1 : 0)
          .frame();
    } else if (message instanceof Message.Welcome m) {
      return new Writer(WELCOME).text(1, m.session()).text(2, m.key()).frame();
    } else if (message instanceof Message.Add m) {
      return new Writer(ADD).number(1, m.seq()).text(2, m.name().value()).frame();
    } else if (message instanceof Message.Remove m) {
      return new Writer(REMOVE)
          .number(1, m.seq())
          .text(2, m.name().value())
          .text(3, m.owner())
          .frame();
    } else if (message instanceof Message.Ack m) {
      return new Writer(ACK)
          .number(1, m.seq())
          .text(2, m.name().value())
          .text(3, m.reason())
          .text(4, m.message())
          .text(5, m.owner())
          .frame();
    } else if (message instanceof Message.Origin m) {
      Writer writer = new Writer(ORIGIN).number(1, m.number());
      m.chain().forEach(certificate -> writer.bytes(2, certificate));
      return writer.frame();
    } else if (message instanceof Message.Route m) {
      Writer writer =
          new Writer(ROUTE)
              .number(1, m.seq())
              .text(2, m.name().value())
              .number(3, m.origin())
              .text(4, m.owner())
              .text(5, m.instance())
              .number(6, m.issued())
              .number(7, m.weight());
      m.path().forEach(peer -> writer.text(8, peer));
      return writer.bytes(9, m.signature()).frame();
    } else if (message instanceof Message.Carry m) {
      return new Writer(CARRY).number(1, m.on() ? 1 : 0).frame();
    } else if (message instanceof Message.Ping m) {
      return new Writer(PING).number(1, m.stamp()).frame();
    } else if (message instanceof Message.Pong m) {
      return new Writer(PONG).number(1, m.stamp()).frame();
    } else if (message instanceof Message.Want m) {
      return new Writer(WANT).number(1, m.count()).number(2, m.secure() ? 1 : 0).frame();
    } else if (message instanceof Message.Join m) {
      return new Writer(JOIN)
          .text(1, m.session())
          .number(2, m.number())
          .number(3, m.yours() ? 1 : 0)
          .text(4, m.mac())
          .frame();
    } else if (message instanceof Message.Open m) {
      Writer writer =
          new Writer(OPEN)
              .text(1, m.name().value())
              .text(2, m.source())
              .text(3, m.destination())
              .number(4, m.ttl());
      m.visited().forEach(peer -> writer.text(5, peer));
      return writer.text(6, m.mac()).text(7, m.owner()).text(8, m.id()).frame();
    } else if (message instanceof Message.Opened) {
      return new Writer(OPENED).frame();
    } else if (message instanceof Message.OpenFailed m) {
      return new Writer(OPEN_FAILED).text(1, m.reason()).text(2, m.message()).frame();
    }
    return new Writer(((Message.Unknown) message).type()).frame();
  }

  /**
   * @param frame without its length
   */
  static Message decode(byte[] frame, int from, int to) throws BadFrameException {
    if (from == to) {
      throw new BadFrameException("a frame is empty");
    }
    Fields fields = new Fields(frame, from + 1, to);
    int type = frame[from] & 0xff;
    return switch (type) {
      case HELLO ->
          new Message.Hello(
              (int) fields.number(1),
              fields.text(2),
              fields.text(3),
              fields.text(4),
              (int) Math.max(1, Math.min(100, fields.number(5))),
              fields.number(6) != 0);
      case WELCOME -> new Message.Welcome(fields.text(1), fields.text(2));
      case ADD -> new Message.Add(fields.number(1), fields.name(2));
      case REMOVE -> new Message.Remove(fields.number(1), fields.name(2), fields.textIfAny(3));
      case ACK ->
          new Message.Ack(
              fields.number(1),
              fields.name(2),
              fields.text(3),
              fields.text(4),
              fields.textIfAny(5));
      case ORIGIN -> new Message.Origin(fields.within(1, 1, MAX_ORIGIN), fields.allBytes(2));
      case ROUTE ->
          new Message.Route(
              fields.number(1),
              fields.name(2),
              fields.within(3, 0, MAX_ORIGIN),
              fields.text(4),
              fields.text(5),
              fields.number(6),
              (int) Math.max(1, Math.min(100, fields.number(7))),
              fields.texts(8),
              fields.bytes(9));
      case CARRY -> new Message.Carry(fields.number(1) != 0);
      case PING -> new Message.Ping(fields.number(1));
      case PONG -> new Message.Pong(fields.number(1));
      case WANT ->
          new Message.Want(
              (int) Math.max(0, Math.min(256, fields.number(1))), fields.number(2) != 0);
      case JOIN ->
          new Message.Join(fields.text(1), fields.number(2), fields.number(3) != 0, fields.text(4));
      case OPEN ->
          new Message.Open(
              fields.name(1),
              fields.text(2),
              fields.text(3),
              (int) Math.max(0, Math.min(255, fields.number(4))),
              fields.texts(5),
              fields.text(6),
              fields.textIfAny(7),
              fields.textIfAny(8));
      case OPENED -> new Message.Opened();
      case OPEN_FAILED -> new Message.OpenFailed(fields.text(1), fields.text(2));
      default -> new Message.Unknown(type);
    };
  }

  private static final class Writer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);

    Writer(int type) {
      bytes.write(0);
      bytes.write(0);
      bytes.write(0);
      bytes.write(0);
      bytes.write(type);
    }

    Writer number(int tag, long value) {
      bytes.write(tag);
      bytes.write(0);
      bytes.write(Long.BYTES);
      for (int shift = 56; shift >= 0; shift -= 8) {
        bytes.write((int) (value >>> shift));
      }
      return this;
    }

    Writer text(int tag, String text) {
      byte[] value = text.getBytes(StandardCharsets.UTF_8);
      int length = Math.min(value.length, MAX_TEXT);
      bytes.write(tag);
      bytes.write(length >>> 8);
      bytes.write(length);
      bytes.write(value, 0, length);
      return this;
    }

    Writer bytes(int tag, ByteBuffer value) {
      byte[] all = new byte[value.remaining()];
      value.duplicate().get(all);
      bytes.write(tag);
      bytes.write(all.length >>> 8);
      bytes.write(all.length);
      bytes.write(all, 0, all.length);
      return this;
    }

    byte[] frame() {
      byte[] frame = bytes.toByteArray();
      int length = frame.length - HEADER;
      for (int i = 0; i < HEADER; i++) {
        frame[i] = (byte) (length >>> (24 - 8 * i));
      }
      return frame;
    }
  }

  private static final class Fields {
    private final byte[] bytes;
    private final int from;
    private final int to;

    Fields(byte[] bytes, int from, int to) throws BadFrameException {
      this.bytes = bytes;
      this.from = from;
      this.to = to;
      int at = from;
      while (at < to) {
        if (to - at < 3 || to - at - 3 < length(at)) {
          throw new BadFrameException("lengths inside a frame do not agree");
        }
        at += 3 + length(at);
      }
    }

    private int length(int at) {
      return (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff);
    }

    private int find(int tag) throws BadFrameException {
      for (int at = from; at < to; at += 3 + length(at)) {
        if ((bytes[at] & 0xff) == tag) {
          return at;
        }
      }
      throw new BadFrameException("a field is missing");
    }

    long number(int tag) throws BadFrameException {
      int at = find(tag);
      if (length(at) != Long.BYTES) {
        throw new BadFrameException("a number is not of 8 bytes");
      }
      long value = 0;
      for (int i = 0; i < Long.BYTES; i++) {
        value = value << 8 | (bytes[at + 3 + i] & 0xff);
      }
      return value;
    }

    String text(int tag) throws BadFrameException {
      return textAt(find(tag));
    }

    private String textAt(int at) throws BadFrameException {
      if (length(at) > MAX_TEXT) {
        throw new BadFrameException("a text is longer than " + MAX_TEXT + " bytes");
      }
      return new String(bytes, at + 3, length(at), StandardCharsets.UTF_8);
    }

    String textIfAny(int tag) throws BadFrameException {
      for (int at = from; at < to; at += 3 + length(at)) {
        if ((bytes[at] & 0xff) == tag) {
          return textAt(at);
        }
      }
      return "";
    }

    int within(int tag, int least, int most) throws BadFrameException {
      long value = number(tag);
      if (value < least || value > most) {
        throw new BadFrameException("a number is out of range");
      }
      return (int) value;
    }

    ByteBuffer bytes(int tag) throws BadFrameException {
      return bytesAt(find(tag));
    }

    private ByteBuffer bytesAt(int at) {
      return ByteBuffer.wrap(Arrays.copyOfRange(bytes, at + 3, at + 3 + length(at)))
          .asReadOnlyBuffer();
    }

    List<ByteBuffer> allBytes(int tag) throws BadFrameException {
      List<ByteBuffer> all = new ArrayList<>(2);
      for (int at = from; at < to; at += 3 + length(at)) {
        if ((bytes[at] & 0xff) == tag) {
          if (all.size() == MAX_VISITED) {
            throw new BadFrameException("a list is longer than " + MAX_VISITED);
          }
          all.add(bytesAt(at));
        }
      }
      return all;
    }

    List<String> texts(int tag) throws BadFrameException {
      List<String> all = new ArrayList<>(2);
      for (int at = from; at < to; at += 3 + length(at)) {
        if ((bytes[at] & 0xff) == tag) {
          if (all.size() == MAX_VISITED) {
            throw new BadFrameException("a list is longer than " + MAX_VISITED);
          }
          all.add(textAt(at));
        }
      }
      return all;
    }

    HostName name(int tag) throws BadFrameException {
      return HostName.pattern(text(tag)).orElseThrow(() -> new BadFrameException("no host name"));
    }
  }
}
