package dev.modelweir.operator.mlflow.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.MlflowAlias;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FollowedVersionTest {

  private static final String DIGEST = "sha256:" + "6f1c2a9b".repeat(8);
  private static final String SOURCE = "s3://models/iris/model.onnx";

  @Test
  void whatPodsCanFetchIsKept() {
    assertThat(told("3", SOURCE, Map.of("digest", DIGEST)))
        .isEqualTo(new MlflowAlias("champion", "3", SOURCE, DIGEST, null, null));
  }

  @Test
  void whereItCameFromIsKept() {
    Map<String, String> tags = Map.of("digest", DIGEST, "modelweir.dev/modelversion", "iris-a");
    assertThat(told("3", SOURCE, tags).modelVersion()).isEqualTo("iris-a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Iris A", "../a", ""})
  void aNameThatNoObjectHasIsNone(String name) {
    Map<String, String> tags = Map.of("digest", DIGEST, "modelweir.dev/modelversion", name);
    assertThat(told("3", SOURCE, tags).modelVersion()).isNull();
  }

  /** Also not in the message, which many may read. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "mlflow-artifacts:/1/model",
        "models:/m-1",
        "https://user:word@example.com/model.onnx",
        "http://example.com/model.onnx",
        "file:///model.onnx",
        "pvc://models/../word",
        "oci://example.com/",
        "https://example.com/model.onnx?signature=word",
        ""
      })
  void anAddressThatPodsCannotFetchFromIsNotRepeated(String source) {
    MlflowAlias told = told("3", source, Map.of("digest", DIGEST));
    assertThat(told.storageUri()).isNull();
    assertThat(told.digest()).isNull();
    assertThat(told.message()).startsWith("its source is no `oci://`").doesNotContain("word");
  }

  @Test
  void anAddressThatNoStatusCanHoldIsNone() {
    assertThat(told("3", SOURCE + "x".repeat(1024), Map.of("digest", DIGEST)).storageUri())
        .isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sha256:6f1c", "md5:6f1c2a9b"})
  void withoutItsDigestNothingIsImported(String digest) {
    MlflowAlias told = told("3", SOURCE, Map.of("digest", digest));
    assertThat(told.storageUri()).isNull();
    assertThat(told.message()).startsWith("it has no tag `digest`");
  }

  @Test
  void aNumberThatIsNoneIsNoVersion() {
    assertThat(told("three", SOURCE, Map.of("digest", DIGEST)))
        .isEqualTo(FollowedVersion.none("champion"));
  }

  private static MlflowAlias told(String number, String source, Map<String, String> tags) {
    return new FollowedVersion(number, source, tags).of("champion");
  }
}
