package dev.modelweir.trainer.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.modelweir.trainer.data.Scaling;
import dev.modelweir.trainer.model.Classifier;
import dev.modelweir.trainer.model.Layers;
import dev.modelweir.trainer.model.Network;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime, which knows nothing of this program, makes of its files. */
class OnnxFileTest {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @ParameterizedTest
  @ValueSource(strings = {"7,3", "7,5,3", "64,32,16,10", "1,200,2"})
  void everyRowGivesWhatTheClassifierGives(String sizes) throws OrtException {
    Classifier classifier = random(sizes, 1);
    float[][] rows = rows(classifier.layers().sizes().getFirst(), 100);
    double[][] expected = classifier.predict(rows);
    try (OrtSession session = open(classifier, Map.of());
        OnnxTensor input = OnnxTensor.createTensor(environment, rows);
        OrtSession.Result result = session.run(Map.of("input", input))) {
      long[] classes = (long[]) result.get("class").orElseThrow().getValue();
      float[][] probabilities = (float[][]) result.get("probabilities").orElseThrow().getValue();
      for (int row = 0; row < rows.length; row++) {
        for (int i = 0; i < expected[row].length; i++) {
          assertThat((double) probabilities[row][i]).isCloseTo(expected[row][i], within(1e-5));
        }
        assertThat(classes[row]).isEqualTo(Network.best(expected[row]));
      }
    }
  }

  @Test
  void namesShapesAndPropertiesAreThose() throws OrtException {
    Map<String, String> properties = Map.of("features", "[\"Länge\"]", "empty", "");
    try (OrtSession session = open(random("4,3", 2), properties)) {
      assertThat(session.getInputInfo().keySet()).containsExactly("input");
      assertThat(session.getOutputInfo().keySet()).containsExactly("class", "probabilities");
      assertThat(shape(session.getInputInfo().get("input").getInfo())).containsExactly(-1, 4);
      assertThat(shape(session.getOutputInfo().get("class").getInfo())).containsExactly(-1);
      assertThat(shape(session.getOutputInfo().get("probabilities").getInfo()))
          .containsExactly(-1, 3);
      assertThat(session.getMetadata().getCustomMetadata()).isEqualTo(properties);
      assertThat(session.getMetadata().getProducerName()).isEqualTo("modelweir-trainer");
    }
  }

  private OrtSession open(Classifier classifier, Map<String, String> properties)
      throws OrtException {
    return environment.createSession(OnnxFile.of(classifier, properties));
  }

  private static long[] shape(Object info) {
    return ((TensorInfo) info).getShape();
  }

  private static Classifier random(String sizes, long seed) {
    Layers layers = new Layers(List.of(sizes.split(",")).stream().map(Integer::valueOf).toList());
    int columns = layers.sizes().getFirst();
    float[] means = new float[columns];
    float[] factors = new float[columns];
    Random random = new Random(seed);
    for (int i = 0; i < columns; i++) {
      means[i] = (float) random.nextGaussian();
      factors[i] = random.nextFloat() + 0.5f;
    }
    return Classifier.of(layers, new Scaling(means, factors), layers.initial(seed));
  }

  private static float[][] rows(int columns, int count) {
    Random random = new Random(3);
    float[][] rows = new float[count][columns];
    for (float[] row : rows) {
      for (int i = 0; i < columns; i++) {
        row[i] = (float) (random.nextGaussian() * 2);
      }
    }
    return rows;
  }
}
