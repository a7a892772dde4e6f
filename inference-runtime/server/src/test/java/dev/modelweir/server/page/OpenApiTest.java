package dev.modelweir.server.page;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelweir.server.Client;
import dev.modelweir.server.TestModels;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.Test;

/** The document describes the paths that there are, all of them and no other. */
@QuarkusTest
@TestProfile(OpenApiTest.Iris.class)
public class OpenApiTest {
  public static final class Iris implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "modelweir.model-name", "iris",
          "modelweir.model-path", TestModels.folder("iris").toString(),
          "quarkus.http.test-port", "0",
          "quarkus.management.test-port", "0");
    }
  }

  private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

  @Inject Router router;

  @ConfigProperty(name = "test.url")
  URI server;

  @Test
  void describesEveryRouteAndNoOther() {
    assertThat(described()).isEqualTo(routed());
  }

  @Test
  void refersOnlyToWhatItHolds() {
    JsonObject document = document();
    assertThat(document.getString("openapi")).isEqualTo("3.1.0");
    Set<String> references = new TreeSet<>();
    collectReferences(document, references);
    assertThat(references).isNotEmpty();
    for (String reference : references) {
      Object at = document;
      for (String step : reference.substring("#/".length()).split("/", -1)) {
        at = ((JsonObject) at).getValue(step);
        assertThat(at).as(reference).isNotNull();
      }
    }
  }

  private JsonObject document() {
    return new JsonObject(
        new Client(URI.create(server.toString().replaceFirst("/$", "")))
            .get("/openapi.json")
            .body());
  }

  /** As {@code GET /v2/models/{model}}. */
  private Set<String> described() {
    JsonObject paths = document().getJsonObject("paths");
    return paths.stream()
        .flatMap(path ->
            ((JsonObject) path.getValue())
                .fieldNames().stream()
                    .filter(METHODS::contains)
                    .map(method -> HttpMethod.valueOf(method.toUpperCase()) + " " + path.getKey()))
        .collect(toCollection(TreeSet::new));
  }

  /** What Quarkus adds by itself has no method, and neither have the answers 404 and 405. */
  private Set<String> routed() {
    return router.getRoutes().stream()
        .filter(route -> route.methods() != null)
        .flatMap(OpenApiTest::operations)
        .collect(toCollection(TreeSet::new));
  }

  private static Stream<String> operations(Route route) {
    String path =
        route
            .getName()
            .replaceAll("/:([a-z]+)", "/{$1}")
            .replaceAll("\\(\\?<([a-z]+)>[^)]*\\)", "{$1}");
    return route.methods().stream().map(method -> method + " " + path);
  }

  private static void collectReferences(Object value, Set<String> references) {
    switch (value) {
      case JsonObject object ->
          object.forEach(field -> {
            if (field.getKey().equals("$ref")) {
              references.add((String) field.getValue());
            } else {
              collectReferences(field.getValue(), references);
            }
          });
      case JsonArray array -> array.forEach(item -> collectReferences(item, references));
      case null, default -> {}
    }
  }
}
