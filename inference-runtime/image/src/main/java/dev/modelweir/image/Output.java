package dev.modelweir.image;

import com.google.cloud.tools.jib.api.ImageReference;
import dev.modelweir.image.oci.ImageSpec;
import dev.modelweir.image.oci.Registry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a command that builds an image was asked to write.
 *
 * @param archive the OCI archive
 * @param labels of the image
 * @param push whether to push the image as well
 * @param insecure whether registries may speak plain http
 */
record Output(
    ImageReference name, Path archive, Map<String, String> labels, boolean push, boolean insecure) {

  static Output of(Options options) throws ImageException {
    var name = ImageSpec.parseOwnName(options.get("name"));
    var labels = new LinkedHashMap<String, String>();
    labels.put(
        "org.opencontainers.image.title", options.find("title").orElse(name.getRepository()));
    labels.put(
        "org.opencontainers.image.version",
        options.find("version").or(name::getTag).orElse("latest"));
    labels.put(
        "org.opencontainers.image.source", options.find("source").orElse("https://modelweir.dev"));
    labels.put("org.opencontainers.image.licenses", "Apache-2.0");
    return new Output(
        name,
        Path.of(options.get("out")).toAbsolutePath(),
        labels,
        options.flag("push", "image.push"),
        options.flag("insecure", "image.insecure"));
  }

  /** A folder beside the archive for everything in between. */
  Path work() throws IOException {
    String file = archive.getFileName().toString();
    return Files.createDirectories(
        archive.resolveSibling(file.replaceFirst("\\.tar$", "") + ".work"));
  }

  /** Reports the archive, and pushes it when asked to. */
  void finish(String digest) throws IOException {
    Progress.say("%s (%s, %s) in %s", name, size(), digest.substring(0, 19), archive);
    if (push) {
      new Registry(insecure).push(archive, name);
    }
  }

  private String size() throws IOException {
    long bytes = Files.size(archive);
    return bytes < 1_000_000 ? "%d kB".formatted(bytes / 1000) : "%.1f MB".formatted(bytes / 1e6);
  }
}
