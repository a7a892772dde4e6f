package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.TestFiles.Fault.BreakAfter;
import dev.modelweir.server.fetch.TestFiles.Fault.RedirectTo;
import dev.modelweir.server.fetch.TestFiles.Fault.Status;
import dev.modelweir.server.fetch.TestFiles.Seen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpFetchTest {
  @TempDir Path folder;
  private final TestFiles server = new TestFiles();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void bringsAFile() throws IOException {
    FetchRun run = fetch("/models/iris.onnx");

    run.succeeded();
    assertThat(run.visible()).containsExactly("iris.onnx");
    assertContent(run, "iris.onnx");
    assertThat(run.log).last().asString().contains("is complete, 3000000 bytes");
  }

  @Test
  void saysThatThereIsNoModel() {
    server.then(new Status(404));
    assertThat(fetch("/m.onnx").failed(ExitReason.ModelNotFound)).contains("/m.onnx answered 404");
    assertThat(server.seen).hasSize(1);

    assertThat(fetch("/models/").failed(ExitReason.ModelNotFound)).contains("names no file");
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403})
  void saysThatCredentialsAreNotAccepted(int status) {
    server.then(new Status(status));

    assertThat(fetch("/m.onnx").failed(ExitReason.CredentialsMissing))
        .contains("answered " + status, "HTTP_BEARER_TOKEN");
  }

  @Test
  void sendsCredentials() {
    FetchRun bearer = new FetchRun(folder.resolve("a"));
    bearer.environment.put("HTTP_BEARER_TOKEN", "tok-en\n");
    bearer.run(server.address("/m.onnx"), "--allow-http").succeeded();
    FetchRun basic = new FetchRun(folder.resolve("b"));
    basic.environment.put("HTTP_USERNAME", "jane");
    basic.environment.put("HTTP_PASSWORD", "s3cret");
    basic.run(server.address("/m.onnx"), "--allow-http").succeeded();

    assertThat(server.seen)
        .extracting(Seen::auth)
        .containsExactly("Bearer tok-en", "Basic amFuZTpzM2NyZXQ=");
  }

  @Test
  void keepsCredentialsFromOtherHosts() {
    try (TestFiles other = new TestFiles()) {
      server.then(new RedirectTo("/moved.onnx"), new RedirectTo(other.address("/m.onnx?sig=1")));
      FetchRun run = new FetchRun(folder);
      run.environment.put("HTTP_BEARER_TOKEN", "token");

      run.run(server.address("/m.onnx"), "--allow-http").succeeded();

      assertThat(server.seen).extracting(Seen::auth).containsOnly("Bearer token");
      assertThat(other.seen).extracting(Seen::auth).containsOnlyNulls().hasSize(1);
    }
  }

  @Test
  void keepsSecretsOutOfLogAndMessages() {
    server.then(new Status(500), new Status(403));
    FetchRun run = new FetchRun(folder);
    run.environment.put("HTTP_PASSWORD", "hunter2");
    String uri = server.address("/m.onnx?token=sesame").replace("http://", "http://user:pa55word@");

    String message = run.run(uri, "--allow-http").failed(ExitReason.CredentialsMissing);

    assertThat(message).contains("/m.onnx");
    assertThat(String.join("\n", run.log)).doesNotContain("hunter2", "sesame", "pa55word");
  }

  @Test
  void unpacksCompressedTransfers() throws IOException {
    server.gzip = true;
    server.then(new BreakAfter(1_000_000));

    FetchRun run = fetch("/m.onnx", "--digest", Sha256.of(server.content));

    run.succeeded();
    assertContent(run, "m.onnx");
  }

  @Test
  void checksTheDigest() {
    String wrong = "sha256:" + "0".repeat(64);
    assertThat(fetch("/m.onnx", "--digest", wrong).failed(ExitReason.DigestMismatch))
        .contains("has digest " + Sha256.of(server.content), "expected " + wrong);
  }

  @Test
  void refusesUpFrontWhatIsLargerThanTheLimit() {
    assertThat(fetch("/m.onnx", "--limit-bytes", "2999999").failed(ExitReason.DiskFull))
        .contains("3000000 bytes", "the limit is 2999999", "persistent volume");
  }

  @Test
  void stopsAtTheLimitWhenTheSizeIsUnknown() {
    server.announceLength = false;
    assertThat(fetch("/m.onnx", "--limit-bytes", "1000000").failed(ExitReason.DiskFull))
        .contains("the limit is 1000000");
  }

  @Test
  void doesNothingTwice() {
    String digest = fetch("/m.onnx").succeeded().digest();
    assertThat(digest).isEqualTo(Sha256.of(server.content));
    assertThat(fetch("/m.onnx").succeeded().digest()).isEqualTo(digest);
    assertThat(server.seen).hasSize(1);

    // Another version of the same address is another model.
    fetch("/m.onnx?versionId=2").succeeded();
    assertThat(server.seen).hasSize(2);
  }

  @Test
  void keepsAFileThatHasTheRightDigest() throws IOException {
    FetchRun run = new FetchRun(folder);
    Files.createDirectories(run.target);
    Files.write(run.target.resolve("m.onnx"), server.content);

    run.run(server.address("/m.onnx"), "--allow-http", "--digest", Sha256.of(server.content));

    run.succeeded();
    assertThat(server.seen).isEmpty();
  }

  @Test
  void replacesAFileThatHasAnotherDigest() throws IOException {
    FetchRun run = new FetchRun(folder);
    Files.createDirectories(run.target);
    Files.writeString(run.target.resolve("m.onnx"), "old");

    run.run(server.address("/m.onnx"), "--allow-http", "--digest", Sha256.of(server.content));

    run.succeeded();
    assertContent(run, "m.onnx");
  }

  private FetchRun fetch(String path, String... more) {
    String[] arguments = new String[more.length + 1];
    arguments[0] = "--allow-http";
    System.arraycopy(more, 0, arguments, 1, more.length);
    return new FetchRun(folder).run(server.address(path), arguments);
  }

  private void assertContent(FetchRun run, String file) throws IOException {
    assertThat(Sha256.of(run.target.resolve(file))).isEqualTo(Sha256.of(server.content));
  }
}
