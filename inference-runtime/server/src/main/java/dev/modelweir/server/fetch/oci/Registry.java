package dev.modelweir.server.fetch.oci;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.fetch.HttpConnector;
import dev.modelweir.server.fetch.HttpResponse;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads from one repository of a registry, as in the OCI distribution specification. */
final class Registry {
  private static final String CREDENTIALS = "an imagePullSecret for this registry";
  private static final int MAX_TOKEN_DOCUMENT = 1 << 20;

  private final HttpConnector connector;
  private final Reference image;
  private final Credentials credentials;
  private final String scheme;
  private @Nullable String authorization;

  /**
   * @param insecure whether the registry speaks http without TLS
   */
  Registry(HttpConnector connector, Reference image, Credentials credentials, boolean insecure) {
    this.connector = connector;
    this.image = image;
    this.credentials = credentials;
    this.scheme = insecure ? "http" : "https";
  }

  /**
   * A successful response for {@code manifests/VERSION} or {@code blobs/DIGEST}.
   *
   * @param range value for the header of that name, or null for the whole
   */
  HttpResponse get(String path, String accept, @Nullable String range)
      throws ExitException, IOException {
    Map<String, String> headers = new HashMap<>(Map.of("Accept", accept));
    if (range != null) {
      headers.put("Range", range);
    }
    URI uri =
        URI.create("%s://%s/v2/%s/%s".formatted(scheme, image.host(), image.repository(), path));
    HttpResponse response = connector.get(uri, headers, authorization);
    String challenge = response.header("WWW-Authenticate");
    if (response.status() == 401 && challenge != null) {
      response.close();
      // A token may have run out during a long download: always ask for a new one.
      authorization = authorize(Challenge.parse(challenge));
      response = connector.get(uri, headers, authorization);
    }
    if (response.status() != 200 && response.status() != 206) {
      throw response.failure(CREDENTIALS);
    }
    return response;
  }

  private @Nullable String authorize(Challenge challenge) throws ExitException, IOException {
    @Nullable String basic =
        credentials.basic(image.host()).map(encoded -> "Basic " + encoded).orElse(null);
    Optional<URI> tokenAddress = challenge.tokenAddress();
    if (tokenAddress.isEmpty()) {
      return basic;
    }
    HttpResponse response = connector.get(tokenAddress.get(), Map.of(), basic);
    if (response.status() != 200) {
      throw response.failure(CREDENTIALS);
    }
    JsonObject answer =
        new JsonObject(new String(response.document(MAX_TOKEN_DOCUMENT), StandardCharsets.UTF_8));
    return "Bearer " + answer.getString("token", answer.getString("access_token", ""));
  }
}
