package dev.modelweir.operator.progress.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeytoolTest {

  private static final String SUBJECT_KEY = "2.5.29.14";
  private static final String AUTHORITY_KEY = "2.5.29.35";
  private static final String SERVER = "1.3.6.1.5.5.7.3.1";

  private final Keys keys = TestKeys.get();

  @Test
  void theAuthorityVouchesForTheCertificate() throws Exception {
    PKIXParameters trust = new PKIXParameters(Set.of(new TrustAnchor(keys.authority(), null)));
    trust.setRevocationEnabled(false);
    CertPathValidator.getInstance("PKIX")
        .validate(
            CertificateFactory.getInstance("X.509").generateCertPath(List.of(keys.certificate())),
            trust);
  }

  /** What OpenSSL, and so Python, asks for when it is strict. */
  @Test
  void strictClientsFindTheExtensionsTheyWant() throws Exception {
    assertThat(keys.authority().getBasicConstraints()).isZero();
    assertThat(keys.authority().getCriticalExtensionOIDs()).contains("2.5.29.19", "2.5.29.15");
    assertThat(keys.authority().getExtensionValue(SUBJECT_KEY)).isNotNull();
    assertThat(keys.certificate().getBasicConstraints()).isEqualTo(-1);
    assertThat(keys.certificate().getExtensionValue(AUTHORITY_KEY)).isNotNull();
    assertThat(keys.certificate().getExtendedKeyUsage()).containsExactly(SERVER);
    assertThat(keys.certificate().getSubjectAlternativeNames())
        .containsExactly(List.of(2, TestKeys.HOST));
  }

  @Test
  void theSameAuthorityIssuesTheNextCertificate() throws Exception {
    Keys next = new Keytool().issue(Optional.of(keys), "elsewhere.svc");
    assertThat(next.authority()).isEqualTo(keys.authority());
    assertThat(next.certificate()).isNotEqualTo(keys.certificate());
    next.certificate().verify(keys.authority().getPublicKey());
    assertThat(next.certificate().getSubjectAlternativeNames())
        .containsExactly(List.of(2, "elsewhere.svc"));
  }

  @Test
  void whatASecretHoldsIsReadAsItWasWritten() {
    Keys read = Keys.ofData(keys.toData()).orElseThrow();
    assertThat(read).isEqualTo(keys);
    assertThat(read.keyPem()).startsWith("-----BEGIN PRIVATE KEY-----\n").endsWith("-----\n");
  }

  @Test
  void aHostThatIsNoNameIsAnErrorWithTheWordsOfKeytool() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new Keytool().issue(Optional.of(keys), "not a name"))
        .withMessageContaining("keytool failed");
  }
}
