package dev.modelweir.server.publish;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to publish, and where to.
 *
 * @param from folder that training wrote to
 * @param to {@code file:///FOLDER} or {@code s3://BUCKET[/PREFIX]}
 * @param model name, below which versions are stored
 * @param signature that the model must have
 * @param lineage what the model was made from, stored beside it as it is
 * @param sample a request that the model must answer
 * @param validation rows that the model never saw in training, for reference statistics
 * @param staged where {@code from} lies below {@code to}, if it does; its name ends with the UID of
 *     the training
 */
record PublishOptions(
    Path from,
    URI to,
    String model,
    @Nullable Signature signature,
    @Nullable JsonObject lineage,
    @Nullable Path sample,
    @Nullable Path validation,
    @Nullable Path staged) {

  static final String USAGE =
      """
      Checks a trained model and stores it under its digest, with what describes it.

      Usage: publish --from DIR --to URI --model NAME [--signature JSON|FILE] [--lineage JSON|FILE]
                     [--sample FILE] [--validation FILE.csv] [--staged FOLDER/NAME-UID]

        --from DIR         what training wrote: one *.onnx (or model.onnx among several), metrics.json
                           ({"accuracy": 0.97, ...}) and whatever else is to go with the model
        --to URI           file:///FOLDER or s3://BUCKET[/PREFIX]; the model becomes
                           URI/NAME/sha256-HEX/model.onnx
        --model NAME       lower-case letters, digits, - and .
        --signature JSON   {"inputs": [{"name", "datatype", "shape"}], "outputs": [...]} it must have
        --lineage JSON     stored as lineage.json
        --sample FILE      a request of the Open Inference Protocol that it must answer
                           (default: sample.json in --from, if there is one)
        --validation FILE  CSV with a header, for reference.json: the distribution of each input
                           (default: validation.csv in --from, if there is one)
        --staged PATH      where --from lies below a file:// store, its last name with 8 hexadecimal
                           digits of a UID at the end; beside it, those of the same name with other
                           digits are removed once nobody has written to them for 7 days

      On success the termination message is {"uri", "digest", "sizeBytes", "signature", "metrics"}.
      What is already there under the same digest is left as it is.

      Credentials come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
      AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL; CA_CERT (PEM certificates to trust in addition).
      """;

  /** Names of Kubernetes objects, which are safe in paths and in keys. */
  private static final Pattern NAME = Pattern.compile("[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?");

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException when it is not as the usage says
   */
  static PublishOptions parse(List<String> arguments) {
    String from = null;
    String to = null;
    String model = null;
    Signature signature = null;
    JsonObject lineage = null;
    Path sample = null;
    Path validation = null;
    Path staged = null;
    for (var rest = arguments.iterator(); rest.hasNext(); ) {
      String flag = rest.next();
      if (!rest.hasNext()) {
        throw new IllegalArgumentException(flag + " is unknown or needs a value");
      }
      String value = rest.next();
      switch (flag) {
        case "--from" -> from = value;
        case "--to" -> to = value;
        case "--model" -> model = name(value);
        case "--signature" -> signature = Signature.parse(json(flag, value));
        case "--lineage" -> lineage = json(flag, value);
        case "--sample" -> sample = file(flag, value);
        case "--validation" -> validation = file(flag, value);
        case "--staged" -> staged = staged(value);
        default -> throw new IllegalArgumentException("unknown argument \"" + flag + "\"");
      }
    }
    if (from == null || to == null || model == null) {
      throw new IllegalArgumentException("--from, --to and --model are needed");
    }
    Path folder = Path.of(from);
    return new PublishOptions(
        folder,
        target(to),
        model,
        signature,
        lineage,
        sample == null ? present(folder.resolve("sample.json")) : sample,
        validation == null ? present(folder.resolve("validation.csv")) : validation,
        target(to).getScheme().equals("file") ? staged : null);
  }

  private static Path staged(String value) {
    Path path = Path.of(value).normalize();
    if (path.isAbsolute() || path.startsWith("..") || !Namesakes.isOne(path)) {
      throw new IllegalArgumentException(
          "--staged must be a path below --to whose last name ends with - and 8 hexadecimal digits");
    }
    return path;
  }

  private static String name(String value) {
    if (!NAME.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "--model must be lower-case letters, digits, - and ., not \"" + value + "\"");
    }
    return value;
  }

  private static URI target(String value) {
    URI uri;
    try {
      uri = new URI(value.strip().replaceFirst("/+$", ""));
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(
          "--to is not a URI; percent-encode spaces and the like", e);
    }
    boolean folder = "file".equals(uri.getScheme()) && uri.getRawAuthority() == null;
    boolean bucket = "s3".equals(uri.getScheme()) && uri.getRawAuthority() != null;
    if (!folder && !bucket || folder && !uri.getPath().startsWith("/")) {
      throw new IllegalArgumentException("--to must be file:///FOLDER or s3://BUCKET[/PREFIX]");
    }
    return uri;
  }

  /** JSON itself, or the file that holds it. */
  private static JsonObject json(String flag, String value) {
    try {
      return new JsonObject(value.stripLeading().startsWith("{") ? value : read(flag, value));
    } catch (DecodeException e) {
      throw new IllegalArgumentException(flag + " is not a JSON object: " + e.getMessage(), e);
    }
  }

  private static String read(String flag, String value) {
    try {
      return Files.readString(Path.of(value));
    } catch (IOException e) {
      throw new IllegalArgumentException(flag + ": " + value + " cannot be read: " + e, e);
    }
  }

  private static Path file(String flag, String value) {
    Path file = Path.of(value);
    if (!Files.isRegularFile(file)) {
      throw new IllegalArgumentException(flag + ": there is no file " + value);
    }
    return file;
  }

  private static @Nullable Path present(Path file) {
    return Files.isRegularFile(file) ? file : null;
  }
}
