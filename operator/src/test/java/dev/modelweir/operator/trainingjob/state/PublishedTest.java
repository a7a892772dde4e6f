package dev.modelweir.operator.trainingjob.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.api.v1alpha1.Metric;
import dev.modelweir.api.v1alpha1.ModelSignature;
import dev.modelweir.api.v1alpha1.TensorSignature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
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

  @Test
  void readsAPackedSignature() throws IOException {
    String wide = signature(ModelSignature.MOST_TENSORS);
    ModelSignature read = withPacked(wide.getBytes(StandardCharsets.UTF_8)).signature();
    assertThat(read.inputs()).hasSize(ModelSignature.MOST_TENSORS);
    assertThat(read.inputs().getLast())
        .isEqualTo(new TensorSignature("c255", "FP32", List.of(-1L, 1L)));
  }

  /** The version is registered without it: its signature.json has it. */
  @Test
  void leavesOutWhatNoModelVersionHolds() throws IOException {
    byte[] tooWide = signature(ModelSignature.MOST_TENSORS + 1).getBytes(StandardCharsets.UTF_8);
    assertThat(withPacked(tooWide).signature()).isNull();
    assertThat(withPacked(new byte[1 << 20]).signature()).isNull();
    String deep = "{\"inputs\": [{\"name\": \"a\", \"datatype\": \"FP32\", \"shape\": [%s1]}]}";
    byte[] tooDeep = deep.formatted("1, ".repeat(16)).getBytes(StandardCharsets.UTF_8);
    assertThat(withPacked(tooDeep).signature()).isNull();
  }

  private static String signature(int inputs) {
    return IntStream.range(0, inputs)
        .mapToObj("{\"name\": \"c%d\", \"datatype\": \"FP32\", \"shape\": [-1, 1]}"::formatted)
        .collect(Collectors.joining(",", "{\"inputs\": [", "]}"));
  }

  private static Published withPacked(byte[] json) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(json);
    }
    String base64 = Base64.getEncoder().encodeToString(packed.toByteArray());
    return Published.parse(
            "{\"uri\": \"s3://a\", \"digest\": \"%s\", \"signatureGzip\": \"%s\"}"
                .formatted(DIGEST, base64))
        .orElseThrow();
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
