package io.opsproxy.dataplane.mesh.v2;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The tokens by which data connections show that they belong to a link: each is good once. Their
 * key goes from one side to the other inside the link, which is encrypted. Any thread.
 */
final class Tokens {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String ALGORITHM = "HmacSHA256";
  private final String session;

  /** Never used itself; to copy it is a tenth of what it takes to make one. */
  private final Mac keyed;

  private final AtomicLong last = new AtomicLong();
  private final ReplayWindow taken = new ReplayWindow();

  /**
   * @param session 32 hexadecimal digits
   * @param key 64 hexadecimal digits
   * @throws IllegalArgumentException when they are no such digits
   */
  Tokens(String session, String key) {
    byte[] bytes = HexFormat.of().parseHex(key);
    if (bytes.length != 32 || HexFormat.of().parseHex(session).length != 16) {
      throw new IllegalArgumentException("a session or its key is of the wrong length");
    }
    this.session = session;
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(bytes, ALGORITHM));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(ALGORITHM + " is part of every Java", e);
    }
  }

  /** So many random bytes, in hexadecimal digits. */
  static String random(int bytes) {
    byte[] bits = new byte[bytes];
    RANDOM.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }

  /** The next one. */
  Message.Join next(boolean yours, boolean secure) {
    long number = last.incrementAndGet();
    return new Message.Join(session, number, yours, mac(number, yours, secure));
  }

  /** Whether it is of this session, and was not shown before. */
  boolean take(Message.Join join, boolean secure) {
    byte[] expected = mac(join.number(), join.yours(), secure).getBytes(StandardCharsets.US_ASCII);
    return MessageDigest.isEqual(expected, join.mac().getBytes(StandardCharsets.US_ASCII))
        && taken.take(join.number());
  }

  /** The same OPEN, bound to the connection in the clear that it goes out on. */
  Message.Open sealed(Message.Open open, long number) {
    return new Message.Open(
        open.name(),
        open.source(),
        open.destination(),
        open.ttl(),
        open.visited(),
        mac(open, number),
        open.owner(),
        open.id());
  }

  /** Whether it was made for this connection in the clear by who has the key. */
  boolean isOpen(Message.Open open, long number) {
    return MessageDigest.isEqual(
        mac(open, number).getBytes(StandardCharsets.US_ASCII),
        open.mac().getBytes(StandardCharsets.US_ASCII));
  }

  private String mac(Message.Open open, long number) {
    return mac(
        "opsproxy-open "
            + String.join(
                "\n",
                session,
                Long.toString(number),
                open.name().value(),
                open.source(),
                open.destination(),
                Integer.toString(open.ttl()),
                open.owner(),
                open.id(),
                String.join("\n", open.visited())));
  }

  private String mac(long number, boolean yours, boolean secure) {
    return mac("opsproxy-join " + session + " " + number + " " + yours + " " + secure);
  }

  private String mac(String all) {
    try {
      Mac mac = (Mac) keyed.clone();
      return HexFormat.of().formatHex(mac.doFinal(all.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's own " + ALGORITHM + " can be copied", e);
    }
  }
}
