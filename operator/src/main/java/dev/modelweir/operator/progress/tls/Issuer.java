package dev.modelweir.operator.progress.tls;

import java.io.IOException;
import java.util.Optional;

/** Makes certificates. */
@FunctionalInterface
interface Issuer {

  /**
   * Issues a certificate for the progress endpoint.
   *
   * @param authority keys whose authority signs; empty for a new authority
   * @param host DNS name that the certificate is for
   * @throws IOException when they cannot be made
   */
  Keys issue(Optional<Keys> authority, String host) throws IOException;
}
