package dev.modelweir.server.openai;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.server.text.TextEncoder;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a client wants embedded.
 *
 * @param dimensions the length of the vectors, which lose what is beyond; empty for all that the
 *     model gives
 * @param base64 vectors travel as little-endian 32-bit floats in base64, in place of numbers
 */
record EmbeddingRequest(String model, List<Input> inputs, OptionalInt dimensions, boolean base64) {
  /** OpenAI's limit as well. */
  static final int MOST_INPUTS = 2048;

  /** One thing that gets a vector. */
  sealed interface Input {
    /** Text, which the model's tokenizer cuts into tokens. */
    record Text(String text) implements Input {
      @Override
      public long[] tokens(TextEncoder encoder) {
        return encoder.encode(text);
      }
    }

    /** Tokens that the client has cut, with the special ones that the model expects. */
    record Tokens(long[] ids) implements Input {
      @Override
      public long[] tokens(TextEncoder encoder) {
        return Arrays.copyOf(ids, Math.min(ids.length, encoder.limit()));
      }
    }

    /** The tokens that the model is given, no more than it takes. */
    long[] tokens(TextEncoder encoder);
  }

  /**
   * @throws dev.modelweir.protocol.InferenceException naming the field that is wrong
   */
  static EmbeddingRequest parse(JsonObject body) {
    if (!(body.getValue("model") instanceof String model)) {
      throw invalid("\"model\" must name a model");
    }
    return new EmbeddingRequest(
        model, inputs(body.getValue("input")), dimensions(body), base64(body));
  }

  private static OptionalInt dimensions(JsonObject body) {
    return switch (body.getValue("dimensions")) {
      case null -> OptionalInt.empty();
      case Integer wanted when wanted > 0 -> OptionalInt.of(wanted);
      default -> throw invalid("\"dimensions\" must be a whole number, 1 or more");
    };
  }

  private static boolean base64(JsonObject body) {
    return switch (body.getValue("encoding_format")) {
      case null -> false;
      case String format when format.equals("float") -> false;
      case String format when format.equals("base64") -> true;
      default -> throw invalid("\"encoding_format\" must be \"float\" or \"base64\"");
    };
  }

  private static List<Input> inputs(Object input) {
    return switch (input) {
      case String text -> List.of(text(0, text));
      case JsonArray array when array.isEmpty() -> throw invalid("\"input\" is empty");
      case JsonArray array when array.getValue(0) instanceof Number -> List.of(tokens(0, array));
      case JsonArray array when array.size() > MOST_INPUTS ->
          throw invalid(
              "\"input\" holds %d entries; at most %d are taken at once",
              array.size(), MOST_INPUTS);
      case JsonArray array -> {
        List<Input> inputs = new ArrayList<>(array.size());
        for (int i = 0; i < array.size(); i++) {
          inputs.add(
              switch (array.getValue(i)) {
                case String text -> text(i, text);
                case JsonArray ids -> tokens(i, ids);
                case null, default ->
                    throw invalid("input[%d] is neither a string nor a list of tokens", i);
              });
        }
        yield inputs;
      }
      case null, default ->
          throw invalid("\"input\" must be a string, a list of strings, or lists of tokens");
    };
  }

  private static Input text(int place, String text) {
    if (text.isEmpty()) {
      throw invalid("input[%d] is an empty string", place);
    }
    return new Input.Text(text);
  }

  private static Input tokens(int place, JsonArray array) {
    if (array.isEmpty()) {
      throw invalid("input[%d] holds no tokens", place);
    }
    long[] ids = new long[array.size()];
    for (int i = 0; i < ids.length; i++) {
      if (!(array.getValue(i) instanceof Integer id) || id < 0) {
        throw invalid("input[%d]: token %d must be a whole number, 0 or more", place, i);
      }
      ids[i] = id;
    }
    return new Input.Tokens(ids);
  }
}
