package dev.modelweir.server.fetch;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.fetch.oci.OciSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The command {@code fetch}: from arguments and environment to an exit code. */
public final class FetchCommand {
  private static final int BAD_USAGE = 2;

  private final Environment environment;
  private final Consumer<String> log;
  private final Duration timeout;
  private final Path registrySecrets;
  private final Retries retries;

  public FetchCommand(Map<String, String> environment) {
    this(
        environment,
        System.out::println,
        Duration.ofSeconds(30),
        Duration.ofMillis(500),
        Path.of("/var/run/modelweir/registry"));
  }

  /**
   * @param timeout after which a silent connection counts as lost
   * @param pause before the second attempt
   * @param registrySecrets where pull secrets are mounted
   */
  FetchCommand(
      Map<String, String> environment,
      Consumer<String> log,
      Duration timeout,
      Duration pause,
      Path registrySecrets) {
    this.registrySecrets = registrySecrets;
    this.environment = new Environment(environment);
    this.log = log;
    this.timeout = timeout;
    this.retries = new Retries(5, pause, log, Retries.Purpose.READING);
  }

  /** Runs it and returns the exit code. */
  public int run(List<String> arguments) {
    if (arguments.contains("--help")) {
      log.accept(FetchOptions.USAGE);
      return 0;
    }
    try {
      FetchOptions options = FetchOptions.parse(arguments);
      try (Source source = source(options)) {
        environment.terminationLog().write(fetch(options, source).run());
      }
      return 0;
    } catch (IllegalArgumentException e) {
      log.accept(e.getMessage() + "; fetch --help lists what there is");
      return BAD_USAGE;
    } catch (ExitException e) {
      log.accept(environment.terminationLog().write(e));
      return e.reason().code();
    }
  }

  private Source source(FetchOptions options) throws ExitException {
    Trust trust = Trust.from(environment);
    HttpConnector connector =
        new HttpConnector(trust, Proxies.from(environment), timeout, options.allowHttp());
    return switch (options.uri().getScheme()) {
      case "s3" -> S3Source.create(options.uri(), environment, trust, timeout);
      case "oci" ->
          OciSource.create(
              options.uri(), options.digest(), connector, environment, registrySecrets);
      default -> new HttpSource(connector, options.uri(), environment);
    };
  }

  private Fetch fetch(FetchOptions options, Source source) {
    String shown = Addresses.shown(options.uri());
    String digest = options.digest();
    // For oci the digest is that of the manifest or of its index, which the source itself checks.
    @Nullable String pin = options.uri().getScheme().equals("oci") ? null : digest;
    return new Fetch(
        source,
        new Staging(options.to(), identity(options)),
        new Budget(options.to(), options.limitBytes()),
        retries,
        log,
        shown,
        pin);
  }

  /** Differs whenever the query does, which may name a version, without showing it. */
  private static String identity(FetchOptions options) {
    byte[] whole = options.uri().toString().getBytes(StandardCharsets.UTF_8);
    return String.join(
        "\n", Addresses.shown(options.uri()), Sha256.of(whole), String.valueOf(options.digest()));
  }
}
