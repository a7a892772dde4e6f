package dev.modelweir.image.training;

import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;

/** TLS with a certificate that nobody trusts, for tests in other packages. */
public final class TestCertificate {
  private TestCertificate() {}

  public static SSLContext create(Path folder) throws IOException, InterruptedException {
    return Certificate.create(folder).context();
  }
}
