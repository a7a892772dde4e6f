package dev.modelweir.operator.progress.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;

/**
 * A private authority and the certificate it has issued to the progress endpoint. All keys are EC.
 *
 * @param authority what pods trust
 * @param authorityKey signs the next certificate
 * @param certificate what the endpoint shows
 * @param key of the certificate
 */
public record Keys(
    X509Certificate authority,
    PrivateKey authorityKey,
    X509Certificate certificate,
    PrivateKey key) {

  private static final String AUTHORITY = "ca.crt";
  private static final String AUTHORITY_KEY = "ca.key";
  private static final String CERTIFICATE = "tls.crt";
  private static final String KEY = "tls.key";

  /** The certificate of the authority, for those who shall trust it. */
  public String authorityPem() {
    return pem(authority);
  }

  /** The certificate of the endpoint. */
  public String certificatePem() {
    return pem(certificate);
  }

  /** The key of that certificate (PKCS #8). */
  public String keyPem() {
    return pem(key);
  }

  /** In the words of a Secret of the type {@code kubernetes.io/tls}, with the authority added. */
  Map<String, String> toData() {
    return Map.of(
        AUTHORITY, base64(authorityPem()),
        AUTHORITY_KEY, base64(pem(authorityKey)),
        CERTIFICATE, base64(certificatePem()),
        KEY, base64(keyPem()));
  }

  /** Reads what {@link #toData} wrote; empty when something is missing or cannot be read. */
  static Optional<Keys> ofData(Map<String, String> data) {
    try {
      return Optional.of(
          new Keys(
              certificate(text(data, AUTHORITY)),
              privateKey(text(data, AUTHORITY_KEY)),
              certificate(text(data, CERTIFICATE)),
              privateKey(text(data, KEY))));
    } catch (GeneralSecurityException | IllegalArgumentException unreadable) {
      return Optional.empty();
    }
  }

  private static String text(Map<String, String> data, String name) {
    byte[] text = Base64.getDecoder().decode(data.getOrDefault(name, ""));
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static X509Certificate certificate(String pem) throws GeneralSecurityException {
    Certificate read =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
    return (X509Certificate) read;
  }

  private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
    byte[] encoded = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
    return KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(encoded));
  }

  private static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate that was just read cannot be written", e);
    }
  }

  private static String pem(PrivateKey key) {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String what, byte[] encoded) {
    byte[] newline = {'\n'};
    String lines = Base64.getMimeEncoder(64, newline).encodeToString(encoded);
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n".formatted(what, lines);
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
  }
}
