package dev.modelweir.server.text;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.exit.ExitException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The tokenizer of one version of a model, if it has one: read when the version is loaded, so that
 * its texts become the tokens that its weights were made for, whatever becomes of its files.
 */
public final class Tokenizer {
  private static final Logger LOG = Logger.getLogger(Tokenizer.class);

  private static final String FILE = "tokenizer.json";

  /** The input of tokens under the name that Hugging Face's exporters use. */
  public static final String TOKENS = "input_ids";

  private final @Nullable TextEncoder encoder;
  private final @Nullable InferenceException missing;

  private Tokenizer(@Nullable TextEncoder encoder, @Nullable InferenceException missing) {
    this.encoder = encoder;
    this.missing = missing;
  }

  /**
   * Reads what lies beside a model. That there is nothing, or nothing that can be used, is said to
   * those who need it: the model itself works without.
   *
   * @param place the model's file or folder
   */
  public static Tokenizer beside(Path place, ModelMetadata model) {
    boolean takesTokens = model.inputs().stream().anyMatch(it -> it.name().equals(TOKENS));
    Optional<Path> file = takesTokens ? find(place) : Optional.empty();
    if (file.isEmpty()) {
      return new Tokenizer(
          null,
          InferenceException.invalid(
              "model \"%s\" has no %s beside its model.onnx, which embeddings need",
              model.name(), FILE));
    }
    try {
      long start = System.nanoTime();
      TextEncoder encoder = TextEncoder.load(file.get(), fixedLength(model));
      LOG.infof(
          "tokenizer of model \"%s\" from %s is ready after %d ms: texts of up to %d tokens",
          model.name(), file.get(), (System.nanoTime() - start) / 1_000_000, encoder.limit());
      return new Tokenizer(encoder, null);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.errorf(e, "the tokenizer of model \"%s\" cannot be used", model.name());
      return new Tokenizer(
          null,
          new InferenceException(
              Code.INTERNAL,
              "the %s of model \"%s\" cannot be used; see the server's log"
                  .formatted(FILE, model.name())));
    }
  }

  /**
   * What cuts texts.
   *
   * @throws InferenceException when the model has no tokenizer, or one that cannot be read
   */
  public TextEncoder encoder() {
    if (encoder == null) {
      throw missing;
    }
    return encoder;
  }

  /** Tokens that each text must have, where the model does not leave that open. */
  private static OptionalInt fixedLength(ModelMetadata model) {
    return model.inputs().stream()
        .filter(input -> input.name().equals(TOKENS) && input.shape().rank() == 2)
        .mapToInt(input -> (int) input.shape().dim(1))
        .filter(extent -> extent >= 0)
        .findFirst();
  }

  /** Beside the model, or one folder above where Hugging Face keeps models in {@code onnx}. */
  private static Optional<Path> find(Path place) {
    try {
      Path folder = ModelFile.find(place).getParent();
      if (folder == null) {
        return Optional.empty();
      }
      Stream<Path> above =
          folder.endsWith("onnx") ? Stream.of(folder.resolveSibling(FILE)) : Stream.of();
      return Stream.concat(Stream.of(folder.resolve(FILE)), above)
          .filter(Files::isRegularFile)
          .findFirst();
    } catch (ExitException e) {
      return Optional.empty(); // its files have changed since it was loaded
    }
  }
}
