package dev.modelweir.server.text;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalInt;

/** Cuts texts into the tokens of one model, as its {@code tokenizer.json} says. */
public final class TextEncoder {
  /** Of models that do not tell theirs: the commonest one. */
  private static final int DEFAULT_LIMIT = 512;

  /** Hugging Face writes a number of thirty digits where there is no limit. */
  private static final int LARGEST_LIMIT = 1 << 20;

  /**
   * Words are shorter than this: what lies so far behind the last token that counts need not be
   * cut, however long the text is.
   */
  private static final int CHARACTERS_PER_TOKEN = 100;

  static {
    // The library looks for settings in the system's properties when it is first used. It shall
    // download nothing, tell nobody, and unpack its native code where a container may write.
    System.setProperty("ai.djl.offline", "true");
    System.setProperty("OPT_OUT_TRACKING", "true");
    System.setProperty("RUST_FLAVOR", "cpu");
    System.getProperties().putIfAbsent("ENGINE_CACHE_DIR", System.getProperty("java.io.tmpdir"));
  }

  private final HuggingFaceTokenizer tokenizer;
  private final int limit;

  private TextEncoder(HuggingFaceTokenizer tokenizer, int limit) {
    this.tokenizer = tokenizer;
    this.limit = limit;
  }

  /**
   * @param file {@code tokenizer.json}; {@code tokenizer_config.json} beside it may tell the limit
   * @param fixedLength the limit where the model itself tells it
   */
  static TextEncoder load(Path file, OptionalInt fixedLength) throws IOException {
    int limit = fixedLength.isPresent() ? fixedLength.getAsInt() : limit(file);
    String most = Integer.toString(limit);
    return new TextEncoder(
        HuggingFaceTokenizer.newInstance(
            file,
            Map.of(
                "truncation",
                "true",
                "padding",
                "false",
                "maxLength",
                most,
                "modelMaxLength",
                most)),
        limit);
  }

  private static int limit(Path file) throws IOException {
    Path config = file.resolveSibling("tokenizer_config.json");
    if (Files.isRegularFile(config)
        && new JsonObject(Files.readString(config)).getValue("model_max_length")
            instanceof Integer told
        && told > 0
        && told <= LARGEST_LIMIT) {
      return told;
    }
    JsonObject truncation = new JsonObject(Files.readString(file)).getJsonObject("truncation");
    return truncation == null ? DEFAULT_LIMIT : truncation.getInteger("max_length", DEFAULT_LIMIT);
  }

  /** Tokens of one text at most; those behind are left out. */
  public int limit() {
    return limit;
  }

  /** The ids of the tokens, with the special ones that the model expects. */
  public long[] encode(String text) {
    return tokenizer.encode(bounded(text)).getIds();
  }

  private String bounded(String text) {
    long most = (long) limit * CHARACTERS_PER_TOKEN;
    if (text.length() <= most) {
      return text;
    }
    int end = (int) most;
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
  }
}
