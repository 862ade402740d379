package io.opsproxy.dataplane.trust;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Chains that were admitted, by the hash of all their bytes: to check signatures once for each, and
 * not at every connection. Strangers are not remembered, so that they push nobody out. Thread-safe.
 */
final class KnownPeers {
  private static final int MOST = 1024;

  /** What of an answer does not change with time. */
  record Known(PeerId id, Validity validity, Grant grant) {}

  /** SHA-256 over the chain. */
  record Key(String hash) {
    static Key of(List<X509Certificate> chain) {
      try {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        for (X509Certificate certificate : chain) {
          digest.update(certificate.getEncoded());
        }
        return new Key(HexFormat.of().formatHex(digest.digest()));
      } catch (CertificateEncodingException e) {
        throw new IllegalArgumentException("a certificate without an encoding", e);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }
  }

  private final Map<Key, Known> known =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
          return size() > MOST;
        }
      };

  synchronized Known get(Key key) {
    return known.get(key);
  }

  synchronized void put(Key key, Known peer) {
    known.put(key, peer);
  }
}
