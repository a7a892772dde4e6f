package dev.modelweir.server.fetch;

import dev.modelweir.server.Contents;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What to fetch, and where to.
 *
 * @param digest {@code sha256:HEX} of the {@link Contents}, or of the model among them, or of the
 *     manifest for oci
 * @param limitBytes refuse to write more than this
 * @param allowHttp whether unencrypted http is acceptable
 */
record FetchOptions(
    URI uri, Path to, @Nullable String digest, OptionalLong limitBytes, boolean allowHttp) {

  static final String USAGE =
      """
      Brings a model to a volume.

      Usage: fetch --uri URI --to DIR [--digest sha256:HEX] [--limit-bytes N] [--allow-http]

        --uri URI         https://HOST/PATH, s3://BUCKET/KEY, s3://BUCKET/PREFIX/ or oci://IMAGE
        --to DIR          folder that receives the last segment of the path, or the image's files
        --digest HASH     digest of the file, of the image's manifest, or of the list that
                          sha256sum prints of all files below a prefix, sorted by path; for a
                          prefix with a model also that of the model
        --limit-bytes N   refuse models larger than this
        --allow-http      accept http:// as well

      Prints the digest, and writes it to the termination log.

      Credentials come from the environment: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
      AWS_SESSION_TOKEN, AWS_REGION, AWS_ENDPOINT_URL; HTTP_BEARER_TOKEN, or HTTP_USERNAME and
      HTTP_PASSWORD; CA_CERT (PEM certificates to trust in addition). Registries:
      /var/run/modelweir/registry/*/.dockerconfigjson; MODELWEIR_INSECURE_REGISTRIES lists
      HOST:PORT of registries without TLS, separated by commas.
      """;

  private static final Pattern DIGEST = Pattern.compile("sha256:[0-9a-f]{64}");

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException when it is not as the usage says
   * @throws ExitException when the address cannot be that of a model
   */
  static FetchOptions parse(List<String> arguments) throws ExitException {
    String uri = null;
    String to = null;
    String digest = null;
    OptionalLong limit = OptionalLong.empty();
    boolean allowHttp = false;
    for (var rest = arguments.iterator(); rest.hasNext(); ) {
      String flag = rest.next();
      if (flag.equals("--allow-http")) {
        allowHttp = true;
        continue;
      }
      if (!rest.hasNext()) {
        throw new IllegalArgumentException(flag + " is unknown or needs a value");
      }
      String value = rest.next();
      switch (flag) {
        case "--uri" -> uri = value;
        case "--to" -> to = value;
        case "--digest" -> digest = digest(value);
        case "--limit-bytes" -> limit = OptionalLong.of(Long.parseLong(value));
        default -> throw new IllegalArgumentException("unknown argument \"" + flag + "\"");
      }
    }
    if (uri == null || to == null) {
      throw new IllegalArgumentException("--uri and --to are needed");
    }
    return new FetchOptions(uri(uri, allowHttp), Path.of(to), digest, limit, allowHttp);
  }

  /**
   * The value of {@code --digest}.
   *
   * @throws IllegalArgumentException when it is none
   */
  static String digest(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    if (!DIGEST.matcher(lower).matches()) {
      throw new IllegalArgumentException("--digest must be sha256: and 64 hexadecimal digits");
    }
    return lower;
  }

  private static URI uri(String text, boolean allowHttp) throws ExitException {
    URI uri;
    try {
      uri = new URI(text.strip());
    } catch (URISyntaxException e) {
      // Its message would repeat the URI, which may hold a password.
      throw unusable("the model's address is not a URI; percent-encode spaces and the like");
    }
    String scheme = String.valueOf(uri.getScheme());
    switch (scheme) {
      case "https", "s3", "oci" -> {}
      case "http" -> {
        if (!allowHttp) {
          throw unusable("http:// is not encrypted; use https://, or accept it with --allow-http");
        }
      }
      default ->
          throw unusable(
              "a model's address begins with https://, s3:// or oci://, not " + scheme + ":");
    }
    if (uri.getRawAuthority() == null) {
      throw unusable(
          "%s names no %s"
              .formatted(Addresses.shown(uri), scheme.equals("s3") ? "bucket" : "host"));
    }
    return uri;
  }

  private static ExitException unusable(String why) {
    return new ExitException(ExitReason.FetchFailed, why);
  }
}
