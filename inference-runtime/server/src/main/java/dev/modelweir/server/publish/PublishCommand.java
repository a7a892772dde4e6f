package dev.modelweir.server.publish;

import dev.modelweir.protocol.ModelMetadata;
import dev.modelweir.server.engine.ModelFile;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.Environment;
import dev.modelweir.server.fetch.Retries;
import dev.modelweir.server.fetch.S3Access;
import dev.modelweir.server.publish.reference.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The command {@code publish}: from arguments and environment to an exit code. */
public final class PublishCommand {
  private static final int BAD_USAGE = 2;

  private final Environment environment;
  private final Consumer<String> log;
  private final Duration timeout;
  private final int partSize;
  private final Retries retries;

  public PublishCommand(Map<String, String> environment) {
    this(
        environment, System.out::println, Duration.ofSeconds(30), Duration.ofMillis(500), 64 << 20);
  }

  /**
   * @param timeout after which a silent connection counts as lost
   * @param pause before the second attempt
   * @param partSize bytes, beyond which a file goes to S3 in parts
   */
  PublishCommand(
      Map<String, String> environment,
      Consumer<String> log,
      Duration timeout,
      Duration pause,
      int partSize) {
    this.environment = new Environment(environment);
    this.log = log;
    this.timeout = timeout;
    this.partSize = partSize;
    this.retries = new Retries(5, pause, log, Retries.Purpose.WRITING);
  }

  /** Runs it and returns the exit code. */
  public int run(List<String> arguments) {
    if (arguments.contains("--help")) {
      log.accept(PublishOptions.USAGE);
      return 0;
    }
    try {
      Published published = publish(PublishOptions.parse(arguments));
      log.accept(environment.terminationLog().write(published.toJson()));
      return 0;
    } catch (IllegalArgumentException e) {
      log.accept(e.getMessage() + "; publish --help lists what there is");
      return BAD_USAGE;
    } catch (ExitException e) {
      log.accept(environment.terminationLog().write(e));
      return e.reason().code();
    }
  }

  private Published publish(PublishOptions options) throws ExitException {
    Path file = ModelFile.find(options.from());
    try {
      String digest = Artifact.digest(file);
      long size = ModelFile.bytes(file);
      log.accept("%s has %d bytes, digest %s".formatted(file, size, digest));
      ModelMetadata metadata =
          new ModelCheck(options.signature(), options.sample()).run(options.model(), file);
      Signature signature = Signature.of(metadata);
      log.accept("it loads and answers; signature " + signature.toJson().encode());
      Metrics metrics = Metrics.read(options.from(), log);
      Map<String, Content> made = made(options, metadata, signature);
      Artifact artifact = Artifact.of(options.model(), digest, options.from(), file, made);
      String uri;
      try (Destination destination = destination(options)) {
        uri = destination.uri(artifact);
        boolean stored = destination.put(artifact);
        log.accept(uri + (stored ? " is stored" : " was there already and is left as it is"));
      }
      if (options.staged() != null) {
        Namesakes.sweep(Path.of(options.to()).resolve(options.staged()), log);
      }
      return new Published(uri, digest, size, signature, metrics);
    } catch (IOException e) {
      throw new ExitException(ExitReason.StoreFailed, file + " cannot be published: " + e);
    }
  }

  /** What is known now and belongs beside the model. */
  private Map<String, Content> made(
      PublishOptions options, ModelMetadata metadata, Signature signature)
      throws ExitException, IOException {
    Map<String, Content> made = new LinkedHashMap<>();
    made.put("signature.json", Content.Made.of(signature.toJson().encodePrettily()));
    if (options.lineage() != null) {
      made.put("lineage.json", Content.Made.of(options.lineage().encodePrettily()));
    }
    if (options.validation() != null) {
      Reference reference = Reference.of(options.validation(), metadata);
      log.accept(
          "%s: %d rows of %d columns for reference.json"
              .formatted(options.validation(), reference.rows(), reference.columns().size()));
      made.put("reference.json", Content.Made.of(reference.toJson().encode()));
    }
    return made;
  }

  private Destination destination(PublishOptions options) throws ExitException {
    return options.to().getScheme().equals("s3")
        ? new S3Destination(
            S3Access.client(environment, timeout), options.to(), partSize, retries, log)
        : new FolderDestination(Path.of(options.to()), log);
  }
}
