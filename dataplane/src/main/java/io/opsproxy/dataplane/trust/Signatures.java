package io.opsproxy.dataplane.trust;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;

/**
 * Signatures by the keys of peers' certificates. The algorithm follows from the kind of key, never
 * from the wire: EC is SHA256withECDSA, RSA is RSASSA-PSS with SHA-256 and 32 bytes of salt, EdDSA
 * is Ed25519. Stateless.
 */
public final class Signatures {
  /** In bytes: of RSA with 8192 bits. */
  public static final int MAX_LENGTH = 1024;

  private static final PSSParameterSpec PSS =
      new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1);

  private Signatures() {}

  /**
   * Whether the key of this certificate has signed the data. False for any malformed signature.
   * Says nothing about whether the certificate is to be believed.
   */
  public static boolean verify(X509Certificate certificate, byte[] data, byte[] signature) {
    return verify(certificate.getPublicKey(), data, signature);
  }

  static boolean verify(PublicKey key, byte[] data, byte[] signature) {
    if (signature.length > MAX_LENGTH) {
      return false;
    }
    try {
      Signature verifier = of(key);
      verifier.initVerify(key);
      verifier.update(data);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * @throws GeneralSecurityException when this kind of key does not sign
   */
  static byte[] sign(PrivateKey key, byte[] data) throws GeneralSecurityException {
    Signature signer = of(key);
    signer.initSign(key);
    signer.update(data);
    return signer.sign();
  }

  private static Signature of(Key key) throws GeneralSecurityException {
    return switch (key.getAlgorithm()) {
      case "EC" -> Signature.getInstance("SHA256withECDSA");
      case "EdDSA", "Ed25519" -> Signature.getInstance("Ed25519");
      case "RSA", "RSASSA-PSS" -> pss();
      default -> throw new InvalidKeyException("keys of kind " + key.getAlgorithm());
    };
  }

  private static Signature pss() throws GeneralSecurityException {
    Signature signature = Signature.getInstance("RSASSA-PSS");
    signature.setParameter(PSS);
    return signature;
  }
}
