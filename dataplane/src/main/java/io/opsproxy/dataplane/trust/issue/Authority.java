package io.opsproxy.dataplane.trust.issue;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Signs the certificates of peers (RFC 5280; ids as X509-SVID 2 has them). Immutable. */
public final class Authority {
  /** RFC 5280, ub-common-name. */
  private static final int MAX_NAME = 64;

  private static final String SPIFFE = "spiffe://";
  private static final int SERIAL_BITS = 127;
  private static final int MAX_COMMON_NAME = 64;
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final KeyPurposeId[] BOTH = {
    KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
  };

  private final Issued own;

  /**
   * @param own the certificate of an authority with its key: EC or RSA
   */
  public Authority(Issued own) {
    this.own = own;
  }

  /**
   * A new one, with a key on P-256.
   *
   * @param domain the trust domain of the ids that it will issue, such as {@code mesh.example.com}
   */
  public static Authority create(String domain, Instant from, Instant to) {
    KeyPair keys = keys();
    X500Name name = name("Ops Proxy authority of " + domain);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name, serial(), Date.from(from), Date.from(to), name, keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(true));
      builder.addExtension(
          Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
      builder.addExtension(Extension.subjectAlternativeName, false, names(SPIFFE + domain));
      builder.addExtension(
          Extension.subjectKeyIdentifier,
          false,
          new JcaX509ExtensionUtils().createSubjectKeyIdentifier(keys.getPublic()));
      X509Certificate certificate =
          new JcaX509CertificateConverter()
              .getCertificate(builder.build(signer(keys.getPrivate())));
      return new Authority(new Issued(certificate, keys.getPrivate()));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the certificate cannot be made", e);
    }
  }

  /** Its certificate and key. */
  public Issued own() {
    return own;
  }

  /** The trust domain of the ids that it issues; empty when its certificate names none. */
  public Optional<String> domain() {
    try {
      Collection<List<?>> names = own.certificate().getSubjectAlternativeNames();
      for (List<?> name : names == null ? List.<List<?>>of() : names) {
        if ((Integer) name.get(0) == GeneralName.uniformResourceIdentifier
            && name.get(1).toString().startsWith(SPIFFE)) {
          return Optional.of(name.get(1).toString().substring(SPIFFE.length()));
        }
      }
      return Optional.empty();
    } catch (CertificateParsingException e) {
      return Optional.empty();
    }
  }

  /**
   * A certificate of a peer, for client and server use, with a new key on P-256.
   *
   * @param id a SPIFFE URI, else a DNS name
   */
  public Issued issue(String id, Instant from, Instant to) {
    KeyPair keys = keys();
    return new Issued(issue(id, keys.getPublic(), from, to), keys.getPrivate());
  }

  /** The same for a key that is there. */
  public X509Certificate issue(String id, PublicKey key, Instant from, Instant to) {
    String shown = id.substring(id.lastIndexOf('/') + 1);
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            own.certificate(),
            serial(),
            Date.from(from),
            Date.from(to),
            name(shown.substring(0, Math.min(shown.length(), MAX_COMMON_NAME))),
            key);
    try {
      JcaX509ExtensionUtils ids = new JcaX509ExtensionUtils();
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(BOTH));
      builder.addExtension(Extension.subjectAlternativeName, false, names(id));
      builder.addExtension(
          Extension.authorityKeyIdentifier,
          false,
          ids.createAuthorityKeyIdentifier(own.certificate().getPublicKey()));
      return new JcaX509CertificateConverter().getCertificate(builder.build(signer(own.key())));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("the certificate cannot be made", e);
    }
  }

  /**
   * A list of certificates of this authority that are believed no longer.
   *
   * @param from of this list
   * @param next when another is to take its place
   */
  public X509CRL revoke(List<X509Certificate> certificates, Instant from, Instant next) {
    JcaX509v2CRLBuilder builder = new JcaX509v2CRLBuilder(own.certificate(), Date.from(from));
    builder.setNextUpdate(Date.from(next));
    for (X509Certificate certificate : certificates) {
      builder.addCRLEntry(certificate.getSerialNumber(), Date.from(from), CRLReason.unspecified);
    }
    try {
      return new JcaX509CRLConverter().getCRL(builder.build(signer(own.key())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the revocation list cannot be made", e);
    }
  }

  private static GeneralNames names(String id) {
    int kind = id.startsWith(SPIFFE) ? GeneralName.uniformResourceIdentifier : GeneralName.dNSName;
    return new GeneralNames(new GeneralName(kind, id));
  }

  /** For people: what counts is in the SAN. */
  private static X500Name name(String common) {
    String cut = common.substring(0, Math.min(common.length(), MAX_NAME));
    return new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, cut).build();
  }

  private static BigInteger serial() {
    return new BigInteger(SERIAL_BITS, RANDOM).setBit(SERIAL_BITS);
  }

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has P-256", e);
    }
  }

  /** One for each signature: it keeps what it is signing. */
  private static ContentSigner signer(PrivateKey key) {
    try {
      return new JcaContentSignerBuilder(
              "SHA256with" + ("EC".equals(key.getAlgorithm()) ? "ECDSA" : "RSA"))
          .build(key);
    } catch (OperatorCreationException e) {
      throw new IllegalArgumentException("a key that does not sign: " + key.getAlgorithm(), e);
    }
  }
}
