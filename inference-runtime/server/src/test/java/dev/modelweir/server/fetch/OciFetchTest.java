package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.oci.TestRegistry;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciFetchTest {
  private static final String TAR = "application/vnd.oci.image.layer.v1.tar";
  private static final String GZIP = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final String DOCKER = "application/vnd.docker.image.rootfs.diff.tar.gzip";

  @TempDir Path folder;
  private final TestRegistry registry = new TestRegistry();
  private FetchRun run = new FetchRun(Path.of("target"));

  @BeforeEach
  void prepare() {
    run = new FetchRun(folder);
    run.environment.put("MODELWEIR_INSECURE_REGISTRIES", "other:5000, " + registry.host());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void unpacksTheLayersOfAnImage() throws IOException {
    registry.manifest(
        "v1",
        registry.blob(
            gzip(new Tar().file("models/model.onnx", "one").file("models/old", "x")), GZIP),
        registry.blob(new Tar().file("models/.wh.old", "").file("readme", "hi").bytes(), TAR),
        registry.blob(gzip(new Tar().file("models/labels", "a")), DOCKER));

    fetch("v1").succeeded();

    assertThat(run.visible()).containsExactly("models/labels", "models/model.onnx", "readme");
    assertThat(run.target.resolve("models/model.onnx")).hasContent("one");
  }

  @Test
  void choosesThePlatformOfThisMachine() throws IOException {
    String arch = System.getProperty("os.arch").equals("aarch64") ? "arm64" : "amd64";
    String other =
        registry.manifest("o", registry.blob(gzip(new Tar().file("m.onnx", "other")), GZIP));
    String ours =
        registry.manifest("a", registry.blob(gzip(new Tar().file("m.onnx", "ours")), GZIP));
    registry.index("both", Map.of("linux/s390x", other, "linux/" + arch, ours));
    registry.index("foreign", Map.of("linux/s390x", other, "windows/amd64", other));

    fetch("both").succeeded();
    assertThat(run.target.resolve("m.onnx")).hasContent("ours");

    run = new FetchRun(folder.resolve("second"));
    run.environment.put("MODELWEIR_INSECURE_REGISTRIES", registry.host());
    assertThat(fetch("foreign").failed(ExitReason.ModelNotFound))
        .contains("no image for linux/" + arch, "linux/s390x");
  }

  @Test
  void writesTheFilesOfAnArtifact() throws IOException {
    JsonObject file = registry.blob(new byte[] {1, 2, 3}, "application/vnd.onnx.model");
    file.put("annotations", new JsonObject().put("org.opencontainers.image.title", "m.onnx"));
    registry.manifest("v1", file, registry.blob(new byte[] {9}, "application/json"));

    fetch("v1").succeeded();

    assertThat(run.visible()).containsExactly("m.onnx");
    assertThat(run.target.resolve("m.onnx")).hasBinaryContent(new byte[] {1, 2, 3});
  }

  @Test
  void refusesArtifactsWhoseTitleLeadsOutside() {
    JsonObject file = registry.blob(new byte[] {1}, "application/vnd.onnx.model");
    file.put("annotations", new JsonObject().put("org.opencontainers.image.title", "../../m"));
    registry.manifest("v1", file);

    assertThat(fetch("v1").failed(ExitReason.FetchFailed)).contains("unsafe name ../../m");
  }

  @Test
  void checksPinnedDigests() throws IOException {
    JsonObject layer = registry.blob(gzip(new Tar().file("m.onnx", "1")), GZIP);
    String manifest = registry.manifest("v1", layer);
    String index = registry.index("idx", Map.of("linux/amd64", manifest, "linux/arm64", manifest));

    fetch("v1", "--digest", manifest).succeeded();
    assertThat(run.digest()).isEqualTo(manifest);
    fetch("idx", "--digest", index).succeeded();
    assertThat(run.digest()).isEqualTo(index);
    fetch("idx", "--digest", manifest).succeeded();
    run.run("oci://" + registry.host() + "/models/iris@" + manifest).succeeded();
    run.run("oci://" + registry.host() + "/models/iris:v1@" + manifest).succeeded();

    String wrong = "sha256:" + "0".repeat(64);
    run = new FetchRun(folder.resolve("second"));
    run.environment.put("MODELWEIR_INSECURE_REGISTRIES", registry.host());
    assertThat(fetch("v1", "--digest", wrong).failed(ExitReason.DigestMismatch))
        .contains("manifest digest " + manifest, "expected " + wrong);
  }

  @Test
  void noticesDamagedLayers() throws IOException {
    JsonObject layer = registry.blob(new Tar().file("m.onnx", "1").bytes(), TAR);
    registry.manifest("v1", layer);
    registry.damage(layer);

    assertThat(fetch("v1").failed(ExitReason.DigestMismatch))
        .contains("expected " + layer.getString("digest"));
  }

  @Test
  void resumesLayers() throws IOException {
    registry.manifest("v1", registry.blob(gzip(new Tar().file("m.onnx", "text")), GZIP));
    registry.breakAfter = 30;

    fetch("v1").succeeded();

    assertThat(run.target.resolve("m.onnx")).hasContent("text");
  }

  @Test
  void logsInWithAPullSecret() throws IOException {
    registry.login = "amFuZTpzM2NyZXQ=";
    registry.manifest("v1", registry.blob(gzip(new Tar().file("m.onnx", "1")), GZIP));
    Path secret = Files.createDirectories(folder.resolve("registry/pull"));
    Files.writeString(
        secret.resolve(".dockerconfigjson"),
        "{\"auths\":{\"https://%s/v2/\":{\"username\":\"jane\",\"password\":\"s3cret\"}}}"
            .formatted(registry.host()));

    fetch("v1").succeeded();

    assertThat(registry.requests).first().isEqualTo("/v2/models/iris/manifests/v1 ");
    assertThat(registry.requests).last().asString().endsWith("Bearer secret-token");
    assertThat(String.join("\n", run.log)).doesNotContain("s3cret", "secret-token");
  }

  @Test
  void saysWhenThePullSecretIsMissingOrWrong() {
    registry.login = "amFuZTpzM2NyZXQ=";

    assertThat(fetch("v1").failed(ExitReason.CredentialsMissing)).contains("imagePullSecret");
  }

  @Test
  void saysWhenThereIsNoSuchImage() {
    assertThat(fetch("v9").failed(ExitReason.ModelNotFound)).contains("manifests/v9 answered 404");
  }

  @Test
  void saysWhichCompressionItCannotRead() {
    registry.manifest(
        "v1", registry.blob(new byte[] {1}, "application/vnd.oci.image.layer.v1.tar+zstd"));

    assertThat(fetch("v1").failed(ExitReason.FetchFailed)).contains("tar+zstd", "gzip");
  }

  @Test
  void obeysTheLimitUpFront() throws IOException {
    registry.manifest("v1", registry.blob(gzip(new Tar().file("m.onnx", "1")), GZIP));

    assertThat(fetch("v1", "--limit-bytes", "10").failed(ExitReason.DiskFull))
        .contains("the limit is 10");
  }

  private FetchRun fetch(String tag, String... more) {
    return run.run("oci://" + registry.host() + "/models/iris:" + tag, more);
  }

  private static byte[] gzip(Tar tar) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(tar.bytes());
    }
    return bytes.toByteArray();
  }
}
