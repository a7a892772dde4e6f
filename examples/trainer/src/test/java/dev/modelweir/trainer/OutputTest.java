package dev.modelweir.trainer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.modelweir.trainer.data.Sha256;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a finished training leaves, as ONNX Runtime reads it. */
class OutputTest {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @TempDir Path job;

  @ParameterizedTest
  @CsvSource({
    "example:iris, linear",
    "example:iris, mlp",
    "example:digits, linear",
    "example:digits, mlp"
  })
  void theModelGivesWhatTheTrainerPredictsForRowsItNeverSaw(String data, String model)
      throws Exception {
    Trained trained = Trained.with("--data", data, "--model", model);
    var heldOut = trained.split().test();
    double[][] expected = trained.classifier().predict(heldOut.values());

    var quality = new Output(job).write(trained.settings(), trained.split(), trained.classifier());

    try (OrtSession session = open(job);
        OnnxTensor input = OnnxTensor.createTensor(environment, heldOut.values());
        OrtSession.Result result = session.run(Map.of("input", input))) {
      long[] classes = (long[]) result.get("class").orElseThrow().getValue();
      float[][] probabilities = (float[][]) result.get("probabilities").orElseThrow().getValue();
      int right = 0;
      for (int row = 0; row < expected.length; row++) {
        for (int i = 0; i < expected[row].length; i++) {
          assertThat((double) probabilities[row][i])
              .as("row %d, class %d", row, i)
              .isCloseTo(expected[row][i], within(1e-5));
        }
        right += classes[row] == heldOut.labels()[row] ? 1 : 0;
      }
      assertThat((double) right / expected.length).isEqualTo(quality.accuracy()).isGreaterThan(0.9);
    }
  }

  @Test
  void theModelSaysWhatItWasMadeOf() throws Exception {
    Trained trained = Trained.with("--data", "example:iris", "--epochs", "3", "--seed", "5");

    new Output(job).write(trained.settings(), trained.split(), trained.classifier());

    try (InputStream csv = OutputTest.class.getResourceAsStream("data/iris.csv")) {
      assertThat(properties(job))
          .containsOnly(
              Map.entry(
                  "features",
                  "[\"sepal length\", \"sepal width\", \"petal length\", \"petal width\"]"),
              Map.entry("classes", "[\"setosa\", \"versicolor\", \"virginica\"]"),
              Map.entry("data.digest", Sha256.of(csv.readAllBytes())),
              Map.entry("data.rows", "120"),
              Map.entry(
                  "settings",
                  "hidden=[32] batch-size=32 learning-rate=0.05 momentum=0.9 weight-decay=0.001"
                      + " seed=5 test-share=0.2 epochs=3"));
    }
  }

  /** A program of its own, and the label between the features. */
  @Test
  void aFileOfOnesOwnIsNamedByItsDigestAndItsColumnsKeepTheirOrder() throws Exception {
    StringBuilder lines = new StringBuilder("width,kind,\"height, in mm\",depth\n");
    for (int i = 0; i < 40; i++) {
      // The width alone decides.
      lines.append(i).append(i < 20 ? ",small," : ",large,").append(i % 7).append(",1\n");
    }
    Path csv = Files.writeString(job.resolve("boxes.csv"), lines);
    String digest = Sha256.of(Files.readAllBytes(csv));

    try (Attempt attempt =
        Attempt.start(
            job, 0, 1, "--data", csv.toString(), "--label", "kind", "--model", "linear")) {
      attempt.ended(0);
    }

    Path output = job.resolve("output");
    assertThat(properties(output))
        .containsEntry("features", "[\"width\", \"height, in mm\", \"depth\"]")
        .containsEntry("classes", "[\"large\", \"small\"]")
        .containsEntry("data.digest", digest);
    try (OrtSession session = open(output);
        OnnxTensor input =
            OnnxTensor.createTensor(environment, new float[][] {{1, 5, 1}, {38, 2, 1}});
        OrtSession.Result result = session.run(Map.of("input", input))) {
      assertThat((long[]) result.get("class").orElseThrow().getValue())
          .as("the places of small and large in `classes`")
          .containsExactly(1, 0);
    }
  }

  private Map<String, String> properties(Path output) throws OrtException {
    try (OrtSession session = open(output)) {
      return session.getMetadata().getCustomMetadata();
    }
  }

  private OrtSession open(Path output) throws OrtException {
    return environment.createSession(output.resolve("model.onnx").toString());
  }
}
