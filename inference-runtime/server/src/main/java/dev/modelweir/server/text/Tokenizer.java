package dev.modelweir.server.openai;

import static dev.modelweir.protocol.InferenceException.invalid;

import dev.modelweir.protocol.InferenceException;
import dev.modelweir.protocol.InferenceException.Code;
import dev.modelweir.server.ServerConfig;
import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.repository.ModelStore;
import dev.modelweir.server.repository.ServedVersion;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/** The tokenizers of models, each read when it is first needed. */
@Singleton
final class Tokenizers {
  private static final Logger LOG = Logger.getLogger(Tokenizers.class);

  private static final String FILE = "tokenizer.json";

  private final ModelStore store;
  private final Map<Source, TextEncoder> loaded = new ConcurrentHashMap<>();

  /** A file that was replaced is another one. */
  private record Source(Path file, long modified, OptionalInt fixedLength) {}

  Tokenizers(ServerConfig config) {
    this.store =
        config
            .modelRepository()
            .<ModelStore>map(ModelStore.Folder::new)
            .orElseGet(() -> new ModelStore.Single(config.modelName(), config.modelPath()));
  }

  /**
   * Not for an event loop: it may read files.
   *
   * @param fixedLength tokens of each text, where the model says so
   * @throws InferenceException when the model has no tokenizer, or one that cannot be read
   */
  TextEncoder of(ServedVersion served, OptionalInt fixedLength) {
    Path file =
        find(served)
            .orElseThrow(() ->
                invalid(
                    "model \"%s\" has no %s beside its model.onnx, which embeddings need",
                    served.name(), FILE));
    try {
      Source source = new Source(file, Files.getLastModifiedTime(file).toMillis(), fixedLength);
      TextEncoder known = loaded.get(source);
      return known == null ? load(served, source) : known;
    } catch (IOException e) {
      throw unreadable(served, e);
    }
  }

  private synchronized TextEncoder load(ServedVersion served, Source source) {
    TextEncoder known = loaded.get(source);
    if (known != null) {
      return known;
    }
    try {
      long start = System.nanoTime();
      TextEncoder encoder = TextEncoder.load(source.file(), source.fixedLength());
      LOG.infof(
          "tokenizer of model \"%s\" from %s is ready after %d ms: texts of up to %d tokens",
          served.name(), source.file(), (System.nanoTime() - start) / 1_000_000, encoder.limit());
      // The one that it replaces may still be at work, and is left to it.
      loaded.keySet().removeIf(old -> old.file().equals(source.file()));
      loaded.put(source, encoder);
      return encoder;
    } catch (IOException | RuntimeException e) {
      throw unreadable(served, e);
    }
  }

  private static InferenceException unreadable(ServedVersion served, Exception why) {
    LOG.errorf(why, "the tokenizer of model \"%s\" cannot be used", served.name());
    return new InferenceException(
        Code.INTERNAL,
        "the %s of model \"%s\" cannot be used; see the server's log"
            .formatted(FILE, served.name()));
  }

  /** Beside the model, or one folder above where Hugging Face keeps models in {@code onnx}. */
  private Optional<Path> find(ServedVersion served) {
    try {
      Path version = store.versions(served.name()).get(Long.valueOf(served.version()));
      Path folder = version == null ? null : ModelFile.find(version).getParent();
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
