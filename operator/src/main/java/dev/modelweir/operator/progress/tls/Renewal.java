package dev.modelweir.operator.progress.tls;

import java.security.GeneralSecurityException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/** What has to be made anew. */
enum Renewal {
  NOTHING,
  /** The certificate of the endpoint; pods that run trust the next one as well. */
  CERTIFICATE,
  /** The authority too; pods that run trust it only from their next attempt on. */
  EVERYTHING;

  /** How long an authority lives: longer than any attempt, so that it is hardly ever replaced. */
  static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

  static final Duration CERTIFICATE_LIFE = Duration.ofDays(90);

  // Several replicas look once an hour, so each has a month to find the renewed one.
  private static final Duration CERTIFICATE_REST = Duration.ofDays(30);
  private static final Duration AUTHORITY_REST = CERTIFICATE_LIFE.multipliedBy(2);

  /**
   * Judges what is there.
   *
   * @param host name that pods use for the endpoint
   */
  static Renewal of(Keys keys, String host, Instant now) {
    if (!holds(keys.authority(), AUTHORITY_REST, now)) {
      return EVERYTHING;
    }
    return holds(keys.certificate(), CERTIFICATE_REST, now)
            && isFor(keys.certificate(), host)
            && isIssuedBy(keys)
        ? NOTHING
        : CERTIFICATE;
  }

  private static boolean holds(X509Certificate certificate, Duration rest, Instant now) {
    return !certificate.getNotBefore().toInstant().isAfter(now)
        && certificate.getNotAfter().toInstant().isAfter(now.plus(rest));
  }

  /** Whether {@code host} is a DNS name (type 2) of the certificate. */
  private static boolean isFor(X509Certificate certificate, String host) {
    try {
      Collection<List<?>> names =
          Objects.requireNonNullElse(certificate.getSubjectAlternativeNames(), List.of());
      return names.contains(List.of(2, host));
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static boolean isIssuedBy(Keys keys) {
    try {
      keys.certificate().verify(keys.authority().getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
