package dev.modelweir.server.openai;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.Tensor;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;

/** Makes one vector for each text of what the model gave. */
final class Pooling {
  private Pooling() {}

  /**
   * Vectors of texts are taken as they are. Those of tokens are averaged over the tokens that a
   * text really has, and scaled to the length 1, as sentence transformers are used.
   *
   * @param output {@code [texts, width]} or {@code [texts, tokens, width]}
   * @param vectors receives the vectors at the batch's places
   */
  static void pool(Tensor output, Batch batch, List<long[]> texts, float[][] vectors) {
    boolean ofTokens = output.shape().rank() == 3;
    int rows = batch.places().length;
    int tokens = ofTokens ? (int) output.shape().dim(1) : 1;
    int width = (int) output.shape().dim(ofTokens ? 2 : 1);
    if (output.shape().dim(0) != rows || (ofTokens && tokens != batch.length())) {
      throw new InferenceException(
          Code.INTERNAL,
          "output \"%s\" has shape %s for %d texts of %d tokens"
              .formatted(output.name(), output.shape(), rows, batch.length()));
    }
    FloatBuffer values = output.data().duplicate().order(output.data().order()).asFloatBuffer();
    for (int row = 0; row < rows; row++) {
      int place = batch.places()[row];
      float[] vector = new float[width];
      int from = row * tokens * width;
      if (ofTokens) {
        mean(values, from, texts.get(place).length, vector);
      } else {
        values.get(from, vector);
      }
      vectors[place] = vector;
    }
  }

  private static void mean(FloatBuffer values, int from, int tokens, float[] mean) {
    for (int i = 0; i < mean.length; i++) {
      double sum = 0;
      for (int token = 0; token < tokens; token++) {
        sum += values.get(from + token * mean.length + i);
      }
      mean[i] = (float) (sum / tokens);
    }
    normalize(mean);
  }

  /**
   * The first so many numbers of a vector, scaled to the length 1: models trained for it put what
   * matters most first (Matryoshka representation learning, Kusupati et al. 2022).
   *
   * @throws InferenceException when the vector has fewer
   */
  static float[] shortened(float[] vector, int dimensions) {
    if (dimensions > vector.length) {
      throw InferenceException.invalid(
          "\"dimensions\" is %d, and the model's vectors have %d", dimensions, vector.length);
    }
    float[] shortened = Arrays.copyOf(vector, dimensions);
    normalize(shortened);
    return shortened;
  }

  private static void normalize(float[] vector) {
    double square = 0;
    for (float value : vector) {
      square += (double) value * value;
    }
    double norm = Math.sqrt(square);
    for (int i = 0; norm > 0 && i < vector.length; i++) {
      vector[i] = (float) (vector[i] / norm);
    }
  }
}
