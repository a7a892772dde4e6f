package dev.modelweir.image.oci;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.modelweir.image.ImageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarFile;

/** Reads an OCI archive: a tar with {@code index.json} and content-addressed blobs. */
public final class ImageArchive implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path file;
  private final TarFile tar;
  private final Map<String, TarArchiveEntry> entries = new HashMap<>();

  private ImageArchive(Path file) throws IOException {
    this.file = file;
    this.tar = new TarFile(file);
    tar.getEntries().forEach(entry -> entries.put(entry.getName(), entry));
  }

  public static ImageArchive open(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new ImageException("no image archive " + file + ": build it with ./mvnw package");
    }
    return new ImageArchive(file);
  }

  /** A blob of the image. */
  public record Descriptor(String mediaType, String digest, long size) {
    static Descriptor of(JsonNode node) {
      return new Descriptor(
          node.path("mediaType").asText(),
          node.path("digest").asText(),
          node.path("size").asLong());
    }
  }

  /** The manifest of the one image inside. */
  public Descriptor manifest() throws IOException {
    JsonNode manifests = JSON.readTree(read("index.json")).path("manifests");
    if (manifests.size() != 1) {
      throw new ImageException(
          "%s holds %d images, one is needed".formatted(file, manifests.size()));
    }
    return Descriptor.of(manifests.get(0));
  }

  /** The name the image was built under. */
  public String name() throws IOException {
    return JSON.readTree(read("index.json"))
        .path("manifests")
        .path(0)
        .path("annotations")
        .path("org.opencontainers.image.ref.name")
        .asText();
  }

  /** Configuration first, then the layers from the lowest up. */
  public List<Descriptor> blobs() throws IOException {
    JsonNode manifest = JSON.readTree(read(path(manifest().digest())));
    var blobs = new ArrayList<Descriptor>();
    blobs.add(Descriptor.of(manifest.path("config")));
    manifest.path("layers").forEach(layer -> blobs.add(Descriptor.of(layer)));
    return blobs;
  }

  /** The image's configuration: entry point, user, environment, labels. */
  public JsonNode configuration() throws IOException {
    return JSON.readTree(read(path(blobs().getFirst().digest())));
  }

  /** Opens a blob; the caller closes the stream. */
  public InputStream open(Descriptor blob) throws IOException {
    return stream(path(blob.digest()));
  }

  byte[] read(Descriptor blob) throws IOException {
    return read(path(blob.digest()));
  }

  private static String path(String digest) {
    return "blobs/" + digest.replace(':', '/');
  }

  private byte[] read(String name) throws IOException {
    try (InputStream in = stream(name)) {
      return in.readAllBytes();
    }
  }

  private InputStream stream(String name) throws IOException {
    TarArchiveEntry entry = entries.get(name);
    if (entry == null) {
      throw new ImageException(file + " is no OCI archive: it holds no " + name);
    }
    return tar.getInputStream(entry);
  }

  @Override
  public void close() throws IOException {
    tar.close();
  }
}
