package dev.modelweir.operator.trainingjob.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ModelSignature;
import dev.modelweir.api.v1alpha1.TensorSignature;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the publish step says. */
class PublishedTest {

  private static final String DIGEST = "sha256:" + "6f1c2a9b04".repeat(6) + "abcd";

  @Test
  void readsWhatWasStored() {
    Published published =
        Published.parse(
                """
                {"uri": "file:///mnt/modelweir/store/iris/model.onnx", "digest": "%s", "sizeBytes": 11800,
                 "signature": {"inputs": [{"name": "X", "datatype": "FP32", "shape": [-1, 4]}], "outputs": []},
                 "metrics": {"loss": 1e-7, "accuracy": 0.97}, "later": {}}
                """
                    .formatted(DIGEST))
            .orElseThrow();
    assertThat(published.versionOf("iris")).isEqualTo("iris-6f1c2a9b04");
    assertThat(published.sizeBytes()).isEqualTo(11800);
    assertThat(published.metrics())
        .containsExactly(new Metric("accuracy", "0.97"), new Metric("loss", "1E-7"));
    assertThat(published.signature())
        .isEqualTo(
            new ModelSignature(
                List.of(new TensorSignature("X", "FP32", List.of(-1L, 4L))), List.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "done",
        "{}",
        "[]",
        "{\"uri\": \"s3://a\"}",
        "{\"uri\": \"s3://a\", \"digest\": \"x\"}"
      })
  void anythingElseIsNoResult(String text) {
    assertThat(Published.parse(text)).isEmpty();
  }
}
