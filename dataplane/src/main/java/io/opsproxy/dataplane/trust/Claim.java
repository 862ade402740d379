package io.opsproxy.dataplane.trust;

import io.opsproxy.dataplane.config.value.HostName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An owner's own word that it serves a name, signed with the key of its certificate, so that it can
 * be passed on by peers that are trusted to carry and not to own. Good for {@link #LIFE}; its owner
 * signs anew at {@link #RENEWAL}. Immutable, for any thread; two are equal when they are one.
 */
public final class Claim {
  /** How long it counts after it was signed. */
  public static final Duration LIFE = Duration.ofHours(1);

  /** When its owner signs again. */
  public static final Duration RENEWAL = LIFE.dividedBy(2);

  /** How far the clocks of two peers may be apart. */
  public static final Duration SKEW = Duration.ofMinutes(5);

  private static final String PURPOSE = "opsproxy-claim/1";

  private final HostName name;
  private final String owner;
  private final String instance;
  private final Instant issued;
  private final int weight;
  private final List<X509Certificate> chain;
  private final byte[] signature;

  /**
   * As it was received; nothing of it is believed yet.
   *
   * @param owner id of the peer that serves the name
   * @param instance which of its processes
   * @param issued when it was signed, by the owner's clock, in whole milliseconds
   * @param weight its share among owners, 1-100
   * @param chain the owner's certificate first
   */
  public Claim(
      HostName name,
      String owner,
      String instance,
      Instant issued,
      int weight,
      List<X509Certificate> chain,
      byte[] signature) {
    this.name = name;
    this.owner = owner;
    this.instance = instance;
    this.issued = issued;
    this.weight = weight;
    this.chain = List.copyOf(chain);
    this.signature = signature.clone();
  }

  /** Signs one. Takes tens of microseconds to milliseconds, by the kind of key. */
  public static Claim sign(
      Identity identity, HostName name, String instance, Instant issued, int weight) {
    String owner = identity.id().value();
    byte[] words = words(name, owner, instance, issued, weight);
    return new Claim(name, owner, instance, issued, weight, identity.chain(), identity.sign(words));
  }

  /** Length before each part: no two claims have the same words. */
  private static byte[] words(
      HostName name, String owner, String instance, Instant issued, int weight) {
    byte[][] texts = {bytes(PURPOSE), bytes(name.value()), bytes(owner), bytes(instance)};
    int length = Long.BYTES + Integer.BYTES;
    for (byte[] text : texts) {
      length += Integer.BYTES + text.length;
    }
    byte[] all = new byte[length];
    ByteBuffer buffer = ByteBuffer.wrap(all);
    for (byte[] text : texts) {
      buffer.putInt(text.length).put(text);
    }
    buffer.putLong(issued.toEpochMilli()).putInt(weight);
    return all;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Whether the key of the first certificate has signed it. Whether that certificate is believed,
   * and is the owner's, is {@link Trust#admit}'s to say.
   */
  public boolean isSigned() {
    return !chain.isEmpty()
        && Signatures.verify(chain.get(0), words(name, owner, instance, issued, weight), signature);
  }

  /** Whether what was signed then counts now. */
  public static boolean isInTime(Instant issued, Instant now) {
    return issued.isAfter(now.minus(LIFE).minus(SKEW)) && issued.isBefore(now.plus(SKEW));
  }

  /** The name. */
  public HostName name() {
    return name;
  }

  /** The id of the peer that serves it. */
  public String owner() {
    return owner;
  }

  /** Which of the owner's processes has signed. */
  public String instance() {
    return instance;
  }

  /** When, by the owner's clock. */
  public Instant issued() {
    return issued;
  }

  /** The owner's share of the connections, 1-100. */
  public int weight() {
    return weight;
  }

  /** The owner's certificates, its own first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The bytes of the signature, a copy. */
  public byte[] signature() {
    return signature.clone();
  }
}
