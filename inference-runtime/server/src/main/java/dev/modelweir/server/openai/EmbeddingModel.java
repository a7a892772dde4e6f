package dev.modelweir.server.openai;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.DataType;
import dev.modelweir.protocol.InferRequest;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.protocol.RequestedOutput;
import dev.modelweir.protocol.Shape;
import dev.modelweir.protocol.Tensor;
import dev.modelweir.protocol.TensorAllocator;
import dev.modelweir.protocol.TensorSpec;
import dev.modelweir.server.text.Tokenizer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A text encoder as its signature shows it: takes tokens under the names that Hugging Face's
 * exporters use, and gives a vector for each text or for each token.
 *
 * @param output the one that holds the vectors
 */
record EmbeddingModel(List<TensorSpec> inputs, TensorSpec output) {
  private static final String TOKENS = Tokenizer.TOKENS;
  private static final String MASK = "attention_mask";
  private static final Set<String> INPUTS = Set.of(TOKENS, MASK, "token_type_ids");

  /** What sentence transformers are exported with: one vector for each text. */
  private static final String SENTENCES = "sentence_embedding";

  private static final int OF_TEXTS = 2;
  private static final int OF_TOKENS = 3;

  /**
   * @throws dev.modelweir.protocol.InferenceException for a model that is no text encoder
   */
  static EmbeddingModel of(ModelMetadata model) {
    boolean takesTokens =
        model.inputs().stream().anyMatch(input -> input.name().equals(TOKENS))
            && model.inputs().stream().allMatch(EmbeddingModel::canFill);
    Optional<TensorSpec> output =
        output(model, SENTENCES, OF_TEXTS)
            .or(() -> output(model, null, OF_TOKENS))
            .or(() -> output(model, null, OF_TEXTS));
    if (!takesTokens || output.isEmpty()) {
      throw invalid(
          "model \"%s\" is no text encoder: embeddings need the integer input %s, others at most"
                  .formatted(model.name(), TOKENS)
              + " attention_mask and token_type_ids, and an output of vectors for texts or tokens");
    }
    return new EmbeddingModel(model.inputs(), output.get());
  }

  private static boolean canFill(TensorSpec input) {
    return INPUTS.contains(input.name())
        && input.shape().rank() == 2
        && (input.type() == DataType.INT64 || input.type() == DataType.INT32);
  }

  /** A pooler's output would be of texts too, so the names of those come first or last. */
  private static Optional<TensorSpec> output(ModelMetadata model, @Nullable String name, int rank) {
    return model.outputs().stream()
        .filter(spec -> spec.type() == DataType.FP32 && spec.shape().rank() == rank)
        .filter(spec -> name == null || spec.name().equals(name))
        .findFirst();
  }

  /** Tokens that each text must have, where the model does not leave that open. */
  OptionalInt fixedLength() {
    return fixed(1);
  }

  /** Whether it can be told which tokens are text, and which only fill up. */
  boolean masked() {
    return inputs.stream().anyMatch(input -> input.name().equals(MASK));
  }

  /** Texts that each run must have, where the model does not leave that open. */
  OptionalInt fixedRows() {
    return fixed(0);
  }

  private OptionalInt fixed(int dim) {
    return inputs.stream()
        .mapToInt(input -> (int) input.shape().dim(dim))
        .filter(extent -> extent >= 0)
        .findFirst();
  }

  /** A request for some of the texts, each filled up to the same length and masked there. */
  InferRequest request(List<long[]> texts, Batch batch, TensorAllocator memory) {
    Shape shape = Shape.of(batch.places().length, batch.length());
    List<Tensor> tensors = new ArrayList<>();
    for (TensorSpec input : inputs) {
      ByteBuffer data =
          memory.allocate(
              Math.multiplyExact(
                  Math.multiplyExact(batch.places().length, batch.length()), input.type().size()));
      for (int place : batch.places()) {
        long[] ids = texts.get(place);
        for (int i = 0; i < batch.length(); i++) {
          put(data, input.type(), i < ids.length ? value(input, ids[i]) : 0);
        }
      }
      tensors.add(new Tensor(input.name(), input.type(), shape, data.flip()));
    }
    return new InferRequest(null, tensors, List.of(RequestedOutput.of(output.name())), Map.of());
  }

  private static long value(TensorSpec input, long id) {
    return switch (input.name()) {
      case TOKENS -> id;
      case MASK -> 1;
      default -> 0; // all of it is the first of at most two texts
    };
  }

  private static void put(ByteBuffer data, DataType type, long value) {
    if (type == DataType.INT64) {
      data.putLong(value);
    } else {
      data.putInt((int) value);
    }
  }
}
