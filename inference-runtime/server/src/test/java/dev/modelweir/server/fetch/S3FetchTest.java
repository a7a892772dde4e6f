package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitReason;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Against a real S3 server that checks signatures. */
class S3FetchTest {
  private static final byte[] MODEL = TestFiles.randomBytes(3, 2_000_000);

  private static final S3Server SERVER = new S3Server("the-key", "the-secret");

  @TempDir Path folder;
  private FetchRun run = new FetchRun(Path.of("target"));

  @BeforeAll
  static void putObjects() {
    try (S3Client s3 = SERVER.client()) {
      s3.createBucket(b -> b.bucket("models"));
      s3.putObject(b -> b.bucket("models").key("a/iris.onnx"), RequestBody.fromBytes(MODEL));
      s3.putObject(b -> b.bucket("models").key("tree/v1/m.onnx"), RequestBody.fromString("m"));
      s3.putObject(b -> b.bucket("models").key("tree/v1/x/labels"), RequestBody.fromString("l"));
      s3.putObject(b -> b.bucket("models").key("tree/v10/other"), RequestBody.fromString("o"));
    }
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void prepare() {
    run = new FetchRun(folder);
    run.environment.put("AWS_ACCESS_KEY_ID", "the-key");
    run.environment.put("AWS_SECRET_ACCESS_KEY", "the-secret");
    endpoint(SERVER.port());
  }

  @Test
  void bringsAnObject() {
    run.run("s3://models/a/iris.onnx", "--digest", Sha256.of(MODEL)).succeeded();
    assertThat(run.digest()).isEqualTo(Sha256.of(MODEL));

    assertThat(run.visible()).containsExactly("iris.onnx");
    assertThat(run.target.resolve("iris.onnx")).hasBinaryContent(MODEL);
  }

  @Test
  void bringsEverythingBelowAPrefix() {
    run.run("s3://models/tree/v1/").succeeded();

    assertThat(run.visible()).containsExactly("v1/m.onnx", "v1/x/labels");
    assertThat(run.target.resolve("v1/m.onnx")).hasContent("m");
  }

  /** As `sha256sum v1/m.onnx v1/x/labels | sha256sum` says. */
  @Test
  void aFolderHasTheDigestOfItsList() throws Exception {
    String digest = run.run("s3://models/tree/v1/").succeeded().digest();

    Process byHand =
        new ProcessBuilder("sh", "-c", "sha256sum v1/m.onnx v1/x/labels | sha256sum")
            .directory(run.target.toFile())
            .start();
    String printed = new String(byHand.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(digest).isEqualTo("sha256:" + printed.substring(0, 64));

    FetchRun again = new FetchRun(folder.resolve("again"));
    again.environment.putAll(run.environment);
    again.environment.remove("MODELWEIR_TERMINATION_LOG");
    again.run("s3://models/tree/v1/", "--digest", digest);
    assertThat(again.visible()).containsExactly("v1/m.onnx", "v1/x/labels");
  }

  /** As a version that was published is pinned, whatever lies beside the model. */
  @Test
  void aFolderMayBePinnedByTheModelInIt() {
    String model = Sha256.of("m".getBytes(StandardCharsets.UTF_8));
    run.run("s3://models/tree/v1/", "--digest", model).succeeded();
    assertThat(run.visible()).containsExactly("v1/m.onnx", "v1/x/labels");

    FetchRun other = new FetchRun(folder.resolve("other"));
    other.environment.putAll(run.environment);
    other.environment.remove("MODELWEIR_TERMINATION_LOG");
    other.run("s3://models/tree/v1/", "--digest", Sha256.of(new byte[0]));
    assertThat(other.visible()).isEmpty();
    assertThat(other.log.getLast()).contains("DigestMismatch", "v1/m.onnx, v1/x/labels");
  }

  @Test
  void resumesBrokenTransfers() throws Exception {
    try (FlakyProxy proxy = new FlakyProxy(SERVER.port(), 3, 700_000)) {
      endpoint(proxy.port());

      run.run("s3://models/a/iris.onnx").succeeded();

      assertThat(proxy.cutsLeft()).isZero();
    }
    assertThat(run.target.resolve("iris.onnx")).hasBinaryContent(MODEL);
  }

  @Test
  void saysThatThereIsNoObject() {
    assertThat(run.run("s3://models/a/none.onnx").failed(ExitReason.ModelNotFound))
        .contains("s3://models/a/none.onnx answered 404 NoSuchKey");
    assertThat(run.run("s3://nowhere/a.onnx").failed(ExitReason.ModelNotFound))
        .contains("NoSuchBucket");
    assertThat(run.run("s3://models/none/").failed(ExitReason.ModelNotFound))
        .contains("s3://models/none/ holds no objects");
  }

  @Test
  void saysThatCredentialsAreWrongOrMissing() {
    run.environment.put("AWS_SECRET_ACCESS_KEY", "another-secret");
    assertThat(run.run("s3://models/a/iris.onnx").failed(ExitReason.CredentialsMissing))
        .contains("answered 403", "AWS_ACCESS_KEY_ID")
        .doesNotContain("another-secret");
    assertThat(run.run("s3://models/tree/v1/").failed(ExitReason.CredentialsMissing))
        .contains("answered 403");

    run.environment.remove("AWS_SECRET_ACCESS_KEY");
    assertThat(run.run("s3://models/a/iris.onnx").failed(ExitReason.CredentialsMissing))
        .contains("answered 403");
  }

  @Test
  void triesAgainWhenNobodyAnswers() {
    endpoint(1);
    assertThat(run.run("s3://models/a/iris.onnx").failed(ExitReason.FetchFailed))
        .contains("after 5 attempts", "Connection refused");
  }

  @Test
  void obeysLimitAndDigest() {
    assertThat(
            run.run("s3://models/a/iris.onnx", "--limit-bytes", "1999999")
                .failed(ExitReason.DiskFull))
        .contains("2000000 bytes");
    assertThat(
            run.run("s3://models/a/iris.onnx", "--digest", "sha256:" + "0".repeat(64))
                .failed(ExitReason.DigestMismatch))
        .contains(Sha256.of(MODEL));
    assertThat(
            run.run("s3://models/tree/v1/", "--digest", Sha256.of(MODEL))
                .failed(ExitReason.DigestMismatch))
        .contains("v1/m.onnx, v1/x/labels");
    assertThat(Files.exists(run.target.resolve(".complete"))).isFalse();
  }

  private void endpoint(int port) {
    run.environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + port);
  }
}
