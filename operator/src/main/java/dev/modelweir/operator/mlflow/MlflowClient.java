package dev.modelweir.operator.mlflow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The REST API of MLflow, in its version 2.0. */
final class MlflowClient implements AutoCloseable {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String API = "/api/2.0/mlflow/";
  private static final Duration TO_CONNECT = Duration.ofSeconds(3);
  private static final Duration TO_ANSWER = Duration.ofSeconds(10);
  private static final long LARGEST_ANSWER = 4 << 20;
  private static final int LONGEST_QUOTE = 300;
  private static final Pattern PRINTABLE = Pattern.compile("[\\x21-\\x7e]+");

  // Said outright: MLflow's web server answers no offer of HTTP/2 and complains of each.
  private final HttpClient http =
      HttpClient.newBuilder().version(Version.HTTP_1_1).connectTimeout(TO_CONNECT).build();
  private final String server;
  private final Optional<String> token;
  private volatile boolean closed;

  /**
   * @param url where the server is; a path stays in front of the API's
   * @param token sent as bearer token
   */
  MlflowClient(URI url, Optional<String> token) {
    this.server = url.toString().replaceAll("/+$", "");
    this.token = token.map(String::strip); // the line end of a file is no part of it
  }

  /**
   * @throws IllegalArgumentException when the token cannot be sent; it is not repeated
   */
  static void checkToken(Optional<String> token) {
    if (token.isPresent() && !PRINTABLE.matcher(token.get().strip()).matches()) {
      throw new IllegalArgumentException(
          "the token for MLflow must be one line of ASCII without spaces, as a header carries it");
    }
  }

  /**
   * @param path of the operation, such as {@code runs/create}
   * @throws MlflowException when the server refuses or cannot be asked
   */
  JsonNode post(String path, Map<String, ?> body) throws MlflowException {
    return send("POST", path, body);
  }

  JsonNode delete(String path, Map<String, ?> body) throws MlflowException {
    return send("DELETE", path, body);
  }

  JsonNode get(String path, Map<String, String> query) throws MlflowException {
    String parameters =
        query.entrySet().stream()
            .map(entry ->
                entry.getKey() + "=" + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return answer(request(path + "?" + parameters).GET().build());
  }

  private JsonNode send(String method, String path, Map<String, ?> body) throws MlflowException {
    String text = JSON.valueToTree(body).toString();
    return answer(
        request(path)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(text))
            .build());
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + API + path));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return request;
  }

  private JsonNode answer(HttpRequest request) throws MlflowException {
    HttpResponse<String> response = exchange(request);
    if (response.statusCode() == 200) {
      return tree(response.body())
          .orElseThrow(() ->
              new MlflowException(
                  "", "%s answers, but not in JSON: is this MLflow?".formatted(server)));
    }
    Optional<JsonNode> error = tree(response.body());
    String code = error.map(tree -> tree.path("error_code").asText()).orElse("");
    String said = error.map(tree -> tree.path("message").asText()).orElse(response.body());
    throw new MlflowException(
        code,
        "%s answers %d to %s: %s"
            .formatted(
                server,
                response.statusCode(),
                request.uri().getPath(),
                code.isEmpty() ? ErrorPage.gist(unsecret(said)) : quote(unsecret(said))));
  }

  /** What a server repeats of a request may hold the token, and goes where many may read it. */
  private String unsecret(String said) {
    return token.map(secret -> said.replace(secret, "…")).orElse(said);
  }

  /**
   * @throws CancellationException when this process stops meanwhile, which says nothing of the
   *     server
   */
  private HttpResponse<String> exchange(HttpRequest request) throws MlflowException {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), LARGEST_ANSWER));
    try {
      // A time-out of the request itself would end with the headers of the answer.
      return answer.get(TO_ANSWER.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new MlflowException(
          "", "%s does not answer within %d s".formatted(server, TO_ANSWER.toSeconds()));
    } catch (ExecutionException e) {
      if (closed) {
        throw new CancellationException("stopped while asking " + server);
      }
      throw new MlflowException("", "%s does not answer: %s".formatted(server, cause(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while asking " + server);
    } finally {
      answer.cancel(true);
    }
  }

  /** Many an exception of the JDK's client has no message of its own. */
  private static String cause(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }

  private static String quote(String said) {
    return said.length() <= LONGEST_QUOTE ? said : said.substring(0, LONGEST_QUOTE) + "…";
  }

  private static Optional<JsonNode> tree(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      return tree.isObject() ? Optional.of(tree) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    closed = true;
    http.shutdownNow();
  }
}
