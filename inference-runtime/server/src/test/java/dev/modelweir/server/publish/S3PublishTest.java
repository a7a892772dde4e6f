package dev.modelweir.server.publish;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.TestModels;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.FlakyProxy;
import dev.modelweir.server.fetch.S3Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** Against a real S3 server that checks signatures. */
class S3PublishTest {
  private static final S3Server SERVER = new S3Server("the-key", "the-secret");

  @TempDir Path folder;
  private PublishRun run = new PublishRun(Path.of("target"));
  private String version = "";

  @BeforeAll
  static void makeBucket() {
    try (S3Client s3 = SERVER.client()) {
      s3.createBucket(b -> b.bucket("models"));
    }
  }

  @AfterAll
  static void stop() {
    SERVER.close();
  }

  @BeforeEach
  void prepare() throws IOException {
    run = new PublishRun(folder);
    run.environment.put("AWS_ACCESS_KEY_ID", "the-key");
    run.environment.put("AWS_SECRET_ACCESS_KEY", "the-secret");
    endpoint(SERVER.port());
    version = "iris/" + Sha256.of(TestModels.file("iris")).replace(':', '-');
  }

  @Test
  void storesTheModelAndAllThatDescribesIt() throws IOException {
    var said =
        run.with("iris").with("metrics.json", "{\"accuracy\": 1}").to("s3://models/a").succeeded();

    assertThat(said.getString("uri")).isEqualTo("s3://models/a/" + version + "/");
    assertThat(keys("a/"))
        .containsExactly(
            "a/" + version + "/metrics.json",
            "a/" + version + "/model.onnx",
            "a/" + version + "/signature.json");
    assertThat(bytes("a/" + version + "/model.onnx"))
        .isEqualTo(Files.readAllBytes(TestModels.file("iris")));
  }

  @Test
  void aSecondTimeSucceedsAndChangesNothing() {
    run.with("iris").to("s3://models/twice/").succeeded();

    run.with("later.txt", "later").to("s3://models/twice/").succeeded();

    assertThat(keys("twice/")).noneMatch(key -> key.contains("later"));
    assertThat(run.log).anyMatch(line -> line.contains("was there already"));
  }

  @Test
  void anObjectOfAnotherDigestInThePlaceIsReplaced() throws IOException {
    try (S3Client s3 = SERVER.client()) {
      s3.putObject(
          b -> b.bucket("models").key("other/" + version + "/model.onnx"),
          software.amazon.awssdk.core.sync.RequestBody.fromString("something else"));
    }

    run.with("iris").to("s3://models/other").succeeded();

    assertThat(bytes("other/" + version + "/model.onnx"))
        .isEqualTo(Files.readAllBytes(TestModels.file("iris")));
  }

  @Test
  void sendsLargeFilesInParts() {
    byte[] weights = new byte[2 * PublishRun.PART_SIZE + 1234];
    new Random(1).nextBytes(weights);

    run.with("iris").with("weights.bin", weights).to("s3://models/large").succeeded();

    assertThat(bytes("large/" + version + "/weights.bin")).isEqualTo(weights);
    assertThat(run.log).anyMatch(line -> line.contains("10.0 MiB of 10.0 MiB"));
  }

  @Test
  void goesOnAfterLostConnections() throws Exception {
    try (FlakyProxy proxy = new FlakyProxy(SERVER.port(), 3, 0)) {
      endpoint(proxy.port());

      run.with("iris").to("s3://models/flaky").succeeded();

      assertThat(proxy.cutsLeft()).isZero();
    }
    assertThat(keys("flaky/")).hasSize(2);
  }

  @Test
  void saysThatCredentialsAreWrong() {
    run.environment.put("AWS_SECRET_ACCESS_KEY", "another-secret");

    assertThat(run.with("iris").to("s3://models/no").failed(ExitReason.CredentialsMissing))
        .contains("answered 403", "AWS_ACCESS_KEY_ID")
        .doesNotContain("another-secret");
    assertThat(keys("no/")).isEmpty();
  }

  @Test
  void saysThatThereIsNoBucket() {
    assertThat(run.with("iris").to("s3://nowhere").failed(ExitReason.StoreFailed))
        .contains("NoSuchBucket", "create it");
  }

  @Test
  void givesUpWhenNobodyAnswers() {
    endpoint(1);

    assertThat(run.with("iris").to("s3://models").failed(ExitReason.StoreFailed))
        .contains("could not be written after 5 attempts", "Connection refused");
  }

  private void endpoint(int port) {
    run.environment.put("AWS_ENDPOINT_URL", "http://127.0.0.1:" + port);
  }

  private static List<String> keys(String prefix) {
    try (S3Client s3 = SERVER.client()) {
      return s3.listObjectsV2(b -> b.bucket("models").prefix(prefix)).contents().stream()
          .map(S3Object::key)
          .sorted()
          .toList();
    }
  }

  private static byte[] bytes(String key) {
    try (S3Client s3 = SERVER.client()) {
      return s3.getObjectAsBytes(b -> b.bucket("models").key(key)).asByteArray();
    }
  }
}
