package dev.modelweir.server.fetch;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One file from a web server. */
final class HttpSource implements Source {
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-\\d+/(\\d+)");
  private static final String CREDENTIALS =
      "give HTTP_BEARER_TOKEN, or HTTP_USERNAME and HTTP_PASSWORD";

  private final HttpConnector connector;
  private final URI uri;
  private final @Nullable String authorization;

  HttpSource(HttpConnector connector, URI uri, Environment environment) {
    this.connector = connector;
    this.uri = uri;
    this.authorization = authorization(environment);
  }

  @Override
  public List<Item> items() throws ExitException {
    String name = Addresses.lastSegment(uri.getPath());
    if (name.isEmpty() || name.startsWith(".")) {
      throw new ExitException(
          ExitReason.ModelNotFound,
          Addresses.shown(uri) + " names no file; give the address of the model file itself");
    }
    return List.of(new Item(name, -1, null, Form.FILE, this::open));
  }

  private Opened open(long offset, @Nullable String validator) throws ExitException, IOException {
    Map<String, String> headers = new HashMap<>();
    headers.put("Accept-Encoding", "identity");
    if (offset > 0 && validator != null) {
      headers.put("Range", "bytes=" + offset + "-");
      headers.put("If-Range", validator);
    }
    HttpResponse response = connector.get(uri, headers, authorization);
    return switch (response.status()) {
      case 200 ->
          new Opened(response.body(), 0, response.length(), validator(response), gzip(response));
      case 206 -> resumed(response, offset);
      case 416 -> {
        response.close();
        yield open(0, null);
      }
      default -> throw response.failure(CREDENTIALS);
    };
  }

  private static Opened resumed(HttpResponse response, long offset)
      throws ExitException, IOException {
    Matcher range = CONTENT_RANGE.matcher(String.valueOf(response.header("Content-Range")));
    if (!range.matches() || Long.parseLong(range.group(1)) != offset) {
      response.close();
      throw new IOException("answered another range than was asked for");
    }
    return new Opened(
        response.body(),
        offset,
        Long.parseLong(range.group(2)),
        validator(response),
        gzip(response));
  }

  /** A strong ETag, or else the time of the last change. */
  private static @Nullable String validator(HttpResponse response) {
    String etag = response.header("ETag");
    return etag != null && etag.startsWith("\"") ? etag : response.header("Last-Modified");
  }

  /** Some servers compress although we ask them not to. */
  private static boolean gzip(HttpResponse response) throws ExitException {
    String encoding = response.header("Content-Encoding");
    return switch (encoding == null ? "identity" : encoding) {
      case "identity" -> false;
      case "gzip", "x-gzip" -> true;
      default -> {
        response.close();
        throw new ExitException(
            ExitReason.FetchFailed,
            "%s answered with content encoding \"%s\", which is not supported"
                .formatted(Addresses.shown(response.uri()), encoding));
      }
    };
  }

  private static @Nullable String authorization(Environment environment) {
    var token = environment.get("HTTP_BEARER_TOKEN");
    if (token.isPresent()) {
      return "Bearer " + token.get();
    }
    var user = environment.get("HTTP_USERNAME");
    var password = environment.get("HTTP_PASSWORD");
    if (user.isPresent() || password.isPresent()) {
      return basic(user.orElse("") + ":" + password.orElse(""));
    }
    return null;
  }

  private static String basic(String userAndPassword) {
    byte[] bytes = userAndPassword.getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    // Connections belong to the streams.
  }
}
