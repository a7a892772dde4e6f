package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.TestFiles.Fault.RedirectTo;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpsFetchTest {
  @TempDir Path folder;

  @Test
  void trustsWhatCaCertSays() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    try (TestFiles server = new TestFiles(certificate.server())) {
      FetchRun strict = new FetchRun(folder.resolve("strict"));
      assertThat(strict.run(server.address("/m.onnx")).failed(ExitReason.FetchFailed))
          .contains("is not trusted", "CA_CERT");
      assertThat(strict.log).as("tries once only").hasSize(1);

      FetchRun trusting = new FetchRun(folder.resolve("trusting"));
      trusting.environment.put("CA_CERT", certificate.pem());
      trusting.run(server.address("/m.onnx")).succeeded();
      assertThat(trusting.target.resolve("m.onnx")).hasBinaryContent(server.content);
    }
  }

  @Test
  void neverLeavesEncryption() throws Exception {
    TestCertificate certificate = TestCertificate.create(folder);
    try (TestFiles server = new TestFiles(certificate.server());
        TestFiles plain = new TestFiles()) {
      server.then(new RedirectTo(plain.address("/m.onnx")));
      FetchRun run = new FetchRun(folder.resolve("run"));
      run.environment.put("CA_CERT", certificate.pem());

      assertThat(run.run(server.address("/m.onnx")).failed(ExitReason.FetchFailed))
          .contains("redirects to an address without encryption");
      assertThat(plain.seen).isEmpty();
    }
  }

  @Test
  void saysThatCaCertIsUnreadable() {
    FetchRun run = new FetchRun(folder.resolve("run"));
    run.environment.put(
        "CA_CERT", "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----");

    assertThat(run.run("https://127.0.0.1:1/m.onnx").failed(ExitReason.FetchFailed))
        .contains("CA_CERT cannot be used");
  }
}
