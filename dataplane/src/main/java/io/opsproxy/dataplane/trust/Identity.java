package io.opsproxy.dataplane.trust;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/** This peer's own certificate and key. Immutable, for any thread. */
public final class Identity {
  private final PeerId id;
  private final List<X509Certificate> chain;
  private final PrivateKey key;
  private final Instant expires;

  /**
   * @param id that of the first certificate
   * @param chain this peer's certificate, then those between it and its authority
   * @param key belongs to the first certificate
   */
  public Identity(PeerId id, List<X509Certificate> chain, PrivateKey key) {
    this.id = id;
    this.chain = List.copyOf(chain);
    this.key = key;
    this.expires = Validity.of(this.chain).notAfter();
  }

  /** Who this peer is. */
  public PeerId id() {
    return id;
  }

  /** This peer's certificate first; never empty. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** When the first certificate of the chain to end does so; links are cut then. */
  public Instant expires() {
    return expires;
  }

  /** A signature that {@link Signatures#verify} takes with the first certificate of the chain. */
  public byte[] sign(byte[] data) {
    try {
      return Signatures.sign(key, data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key that has signed before signs no more", e);
    }
  }

  PrivateKey key() {
    return key;
  }
}
