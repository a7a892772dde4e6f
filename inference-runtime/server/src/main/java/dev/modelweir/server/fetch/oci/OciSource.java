package dev.modelweir.server.fetch.oci;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import dev.modelweir.server.fetch.Environment;
import dev.modelweir.server.fetch.HttpConnector;
import dev.modelweir.server.fetch.HttpResponse;
import dev.modelweir.server.fetch.Source;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The layers of an image, or the files of an artifact. */
public final class OciSource implements Source {
  private static final String MANIFESTS =
      String.join(
          ", ",
          "application/vnd.oci.image.index.v1+json",
          "application/vnd.oci.image.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.list.v2+json",
          "application/vnd.docker.distribution.manifest.v2+json");

  /** As registries themselves limit it. */
  private static final int MAX_MANIFEST = 4 << 20;

  private final Registry registry;
  private final Reference image;
  private final @Nullable String pin;
  private Optional<String> named = Optional.empty();

  private OciSource(Registry registry, Reference image, @Nullable String pin) {
    this.registry = registry;
    this.image = image;
    this.pin = pin;
  }

  /**
   * @param digest that the manifest, or the index that names it, must have
   * @param secrets folder with mounted pull secrets
   */
  public static OciSource create(
      URI uri,
      @Nullable String digest,
      HttpConnector connector,
      Environment environment,
      Path secrets)
      throws ExitException {
    Reference image;
    try {
      image = Reference.parse(uri);
    } catch (IllegalArgumentException e) {
      throw new ExitException(ExitReason.ModelNotFound, uri + ": " + e.getMessage());
    }
    boolean insecure = environment.list("MODELWEIR_INSECURE_REGISTRIES").contains(image.host());
    Registry registry = new Registry(connector, image, Credentials.load(secrets), insecure);
    return new OciSource(registry, image, digest);
  }

  @Override
  public List<Item> items() throws ExitException, IOException {
    Set<String> digests = new LinkedHashSet<>();
    JsonObject manifest = manifest(image.version(), digests);
    Optional<JsonArray> index = Optional.ofNullable(manifest.getJsonArray("manifests"));
    if (index.isPresent()) {
      manifest = manifest(Platform.select(index.get(), name()), digests);
    }
    for (Optional<String> expected : List.of(image.digest(), Optional.ofNullable(pin))) {
      if (expected.isPresent() && !digests.contains(expected.get())) {
        throw new ExitException(
            ExitReason.DigestMismatch,
            "%s has the manifest digest %s, expected %s; the tag has moved or the digest is wrong"
                .formatted(name(), String.join(" and ", digests), expected.get()));
      }
    }
    named = digests.stream().findFirst();
    return layers(manifest.getJsonArray("layers", new JsonArray()));
  }

  /** Of the manifest, or of the index, that the tag names. */
  @Override
  public Optional<String> digest() {
    return named;
  }

  private JsonObject manifest(String version, Set<String> digests)
      throws ExitException, IOException {
    HttpResponse response = registry.get("manifests/" + version, MANIFESTS, null);
    byte[] document = response.document(MAX_MANIFEST);
    digests.add(Sha256.of(document));
    try {
      return new JsonObject(new String(document, StandardCharsets.UTF_8));
    } catch (DecodeException e) {
      throw new ExitException(
          ExitReason.FetchFailed, name() + ": the registry's manifest is not JSON");
    }
  }

  private List<Item> layers(JsonArray layers) throws ExitException {
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = Layer.of(layers.getJsonObject(i));
      if (layer.form() != null) {
        items.add(
            new Item(
                layer.path(),
                layer.size(),
                layer.digest(),
                layer.form(),
                (offset, validator) -> open(layer.digest(), offset)));
      } else if (layer.unsupported()) {
        throw new ExitException(
            ExitReason.FetchFailed,
            "%s has a layer of type %s; push it with gzip or without compression"
                .formatted(name(), layer.mediaType()));
      }
    }
    if (items.isEmpty()) {
      throw new ExitException(
          ExitReason.ModelNotFound,
          name() + " holds no files: no layer is an archive or has a title");
    }
    return items;
  }

  /** Blobs are named by their content, so resuming is always safe. */
  private Opened open(String digest, long offset) throws ExitException, IOException {
    HttpResponse response =
        registry.get("blobs/" + digest, "*/*", offset > 0 ? "bytes=" + offset + "-" : null);
    boolean resumed = response.status() == 206;
    long start = resumed ? offset : 0;
    long length = response.length();
    return new Opened(response.body(), start, length < 0 ? -1 : start + length, digest, false);
  }

  private String name() {
    return "oci://%s/%s:%s".formatted(image.host(), image.repository(), image.version());
  }

  @Override
  public void close() {
    // Connections belong to the streams.
  }
}
