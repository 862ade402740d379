package io.opsproxy.dataplane.sniff;

import static io.opsproxy.dataplane.sniff.Bytes.concat;
import static io.opsproxy.dataplane.sniff.Bytes.hex;
import static io.opsproxy.dataplane.sniff.Bytes.number;
import static io.opsproxy.dataplane.sniff.Bytes.text;
import static io.opsproxy.dataplane.sniff.Bytes.vector;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

/** Writes ClientHellos, right and wrong ones, and cuts them into records. */
final class Hello {
  private final List<byte[]> extensions = new ArrayList<>();

  Hello name(String serverName) {
    return extension(0, vector(2, number(1, 0), vector(2, text(serverName))));
  }

  Hello alpn(String... ids) {
    return extension(
        16, vector(2, Arrays.stream(ids).map(i -> vector(1, text(i))).toArray(byte[][]::new)));
  }

  Hello extension(int type, byte[] data) {
    extensions.add(concat(number(2, type), vector(2, data)));
    return this;
  }

  /** What Chrome adds: GREASE, and a key share of X25519MLKEM768 (1216 bytes) beside X25519. */
  Hello postQuantum() {
    byte[] grease = concat(hex("3a3a"), vector(2, new byte[1]));
    byte[] hybrid = concat(hex("11ec"), vector(2, new byte[1216]));
    byte[] classic = concat(hex("001d"), vector(2, new byte[32]));
    return extension(0x2a2a, new byte[0])
        .extension(51, vector(2, grease, hybrid, classic))
        .extension(0xfe0d, new byte[250])
        .extension(0x6a6a, new byte[1]);
  }

  /** The handshake message with its header. */
  byte[] message() {
    return message(vector(2, extensions.toArray(byte[][]::new)));
  }

  /** A message whose part after the compression methods is this. */
  static byte[] message(byte[] extensions) {
    byte[] body =
        concat(
            hex("0303"),
            new byte[32],
            vector(1, new byte[32]),
            vector(2, hex("1a1a 1301 1302")),
            vector(1, new byte[1]),
            extensions);
    return concat(number(1, 1), vector(3, body));
  }

  /** In as few records as can be. */
  byte[] bytes() {
    return inRecordsOf(message(), 1 << 14);
  }

  /** One record with this type, version and content. */
  static byte[] record(int type, int version, byte[] content) {
    return concat(number(1, type), number(2, version), vector(2, content));
  }

  /** The message in records that end at these offsets and at its end. */
  static byte[] inRecords(byte[] message, int... ends) {
    byte[] out = new byte[0];
    int start = 0;
    for (int i = 0; i <= ends.length; i++) {
      int end = i < ends.length ? ends[i] : message.length;
      out = concat(out, record(22, 0x0301, Arrays.copyOfRange(message, start, end)));
      start = end;
    }
    return out;
  }

  /** The message in records of this many bytes. */
  static byte[] inRecordsOf(byte[] message, int size) {
    return inRecords(
        message,
        IntStream.range(1, (message.length + size - 1) / size).map(i -> i * size).toArray());
  }

  /** What the JDK's own TLS client sends first. */
  static byte[] ofJdk(String serverName, String... alpn) throws Exception {
    SSLEngine engine = SSLContext.getDefault().createSSLEngine();
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    if (serverName != null) {
      parameters.setServerNames(List.of(new SNIHostName(serverName)));
    }
    parameters.setApplicationProtocols(alpn);
    engine.setSSLParameters(parameters);
    ByteBuffer out = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), out);
    return Arrays.copyOf(out.array(), out.position());
  }
}
