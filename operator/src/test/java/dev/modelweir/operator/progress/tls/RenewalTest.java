package dev.modelweir.operator.progress.tls;

import static dev.modelweir.operator.progress.tls.Renewal.CERTIFICATE;
import static dev.modelweir.operator.progress.tls.Renewal.EVERYTHING;
import static dev.modelweir.operator.progress.tls.Renewal.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class RenewalTest {

  private final Keys keys = TestKeys.get();
  private final Instant made = keys.certificate().getNotBefore().toInstant().plusSeconds(3600);

  @Test
  void whatIsFreshStays() {
    assertThat(due(Duration.ZERO)).isEqualTo(NOTHING);
    assertThat(due(Duration.ofDays(59))).isEqualTo(NOTHING);
  }

  @Test
  void theCertificateIsRenewedAMonthBeforeItEnds() {
    assertThat(due(Duration.ofDays(60))).isEqualTo(CERTIFICATE);
    assertThat(due(Duration.ofDays(1000))).isEqualTo(CERTIFICATE);
  }

  @Test
  void theAuthorityIsReplacedBeforeACertificateCouldOutliveIt() {
    assertThat(due(Duration.ofDays(3650 - 181))).isEqualTo(CERTIFICATE);
    assertThat(due(Duration.ofDays(3650 - 180))).isEqualTo(EVERYTHING);
    assertThat(due(Duration.ofDays(5000))).isEqualTo(EVERYTHING);
  }

  @Test
  void anotherHostNeedsAnotherCertificate() {
    assertThat(Renewal.of(keys, "modelweir-progress.other.svc", made)).isEqualTo(CERTIFICATE);
  }

  @Test
  void aCertificateOfAnotherAuthorityIsReplaced() {
    Keys other = TestKeys.other();
    Keys mixed = new Keys(keys.authority(), keys.authorityKey(), other.certificate(), other.key());
    assertThat(Renewal.of(mixed, TestKeys.HOST, made)).isEqualTo(CERTIFICATE);
  }

  private Renewal due(Duration age) {
    return Renewal.of(keys, TestKeys.HOST, made.plus(age));
  }
}
