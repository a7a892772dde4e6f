package dev.modelweir.examples.iris;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the exported files say and answer when ONNX Runtime runs them, as the server will. */
class IrisModelTest {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void namesAndShapesAreThoseOfTheReadme(int version) throws OrtException {
    try (OrtSession session = open(version)) {
      assertThat(session.getInputInfo().keySet()).containsExactly("input");
      assertThat(session.getOutputInfo().keySet()).containsExactly("class", "probabilities");
      assertTensor(session.getInputInfo().get("input"), OnnxJavaType.FLOAT, -1, 4);
      assertTensor(session.getOutputInfo().get("class"), OnnxJavaType.INT64, -1);
      assertTensor(session.getOutputInfo().get("probabilities"), OnnxJavaType.FLOAT, -1, 3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void everyRowGivesWhatTheTrainedModelGives(int version) throws OrtException, IOException {
    IrisData data = IrisData.load();
    IrisClassifier trained = IrisTrainer.train(data, version);
    try (OrtSession session = open(version)) {
      for (IrisData.Row row : data.test()) {
        float[] probabilities = run(session, List.of(row)).probabilities()[0];
        var expected = trained.predict(row).getOutputScores();
        for (int i = 0; i < IrisData.CLASSES.size(); i++) {
          double score = requireNonNull(expected.get(IrisData.CLASSES.get(i))).getScore();
          assertThat((double) probabilities[i]).isCloseTo(score, within(1e-5));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void flowersItNeverSawAreClassifiedRight(int version) throws OrtException, IOException {
    List<IrisData.Row> rows = IrisData.load().test();
    try (OrtSession session = open(version)) {
      long[] classes = run(session, rows).classes();
      long right = 0;
      for (int i = 0; i < classes.length; i++) {
        right += IrisData.CLASSES.get((int) classes[i]).equals(rows.get(i).species()) ? 1 : 0;
      }
      assertThat((double) right / rows.size()).isGreaterThan(0.9);
    }
  }

  @Test
  void theTwoVersionsCanBeToldApart() throws OrtException, IOException {
    List<IrisData.Row> rows = IrisData.load().test();
    try (OrtSession first = open(1);
        OrtSession second = open(2)) {
      float[][] one = run(first, rows).probabilities();
      float[][] two = run(second, rows).probabilities();
      double difference = 0;
      for (int i = 0; i < one.length; i++) {
        difference = Math.max(difference, Math.abs(one[i][1] - two[i][1]));
      }
      assertThat(difference).isGreaterThan(0.1);
    }
  }

  private OrtSession open(int version) throws OrtException {
    Path folder = Path.of("target", version == 1 ? "model" : "model-v2");
    return environment.createSession(folder.resolve("model.onnx").toString());
  }

  private record Answer(long[] classes, float[][] probabilities) {}

  private Answer run(OrtSession session, List<IrisData.Row> rows) throws OrtException {
    var values = new float[rows.size()][IrisData.COLUMNS.size()];
    for (int i = 0; i < values.length; i++) {
      for (int j = 0; j < values[i].length; j++) {
        values[i][j] = rows.get(i).centimetres().get(j);
      }
    }
    try (OnnxTensor input = OnnxTensor.createTensor(environment, values);
        OrtSession.Result result = session.run(Map.of("input", input))) {
      return new Answer(
          (long[]) result.get("class").orElseThrow().getValue(),
          (float[][]) result.get("probabilities").orElseThrow().getValue());
    }
  }

  private static void assertTensor(@Nullable NodeInfo node, OnnxJavaType type, long... shape) {
    assertThat(requireNonNull(node).getInfo())
        .isInstanceOfSatisfying(
            TensorInfo.class,
            tensor -> {
              assertThat(tensor.type).isEqualTo(type);
              assertThat(tensor.getShape()).isEqualTo(shape);
            });
  }
}
