package dev.modelweir.image.base;

import dev.modelweir.image.Folder;
import dev.modelweir.image.Platform;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Writes an image in the format of {@code docker save}, the one that jib takes as a base. */
final class DockerArchive {
  private static final String CONFIGURATION =
      """
      {"architecture":"%s","os":"linux","created":"1970-01-01T00:00:01Z",\
      "config":{"Env":["PATH=%s/bin:/usr/bin:/bin","JAVA_HOME=%s","LANG=C.UTF-8"],"User":"1001"},\
      "history":[%s],"rootfs":{"type":"layers","diff_ids":[%s]}}\
      """;

  private DockerArchive() {}

  /**
   * Writes {@code layers}, the lowest first, as one image.
   *
   * @param javaHome where the Java run-time lies inside the image
   */
  static void write(Path file, List<LayerArchive> layers, String javaHome) throws IOException {
    String history =
        layers.stream()
            .map(layer -> "{\"created\":\"1970-01-01T00:00:01Z\",\"created_by\":\"modelweir\"}")
            .collect(Collectors.joining(","));
    String configuration =
        CONFIGURATION.formatted(
            Platform.current().architecture(),
            javaHome,
            javaHome,
            history,
            quoted(layers, "sha256:%s"));
    String manifest =
        "[{\"Config\":\"config.json\",\"RepoTags\":[\"modelweir/base:1\"],\"Layers\":[%s]}]"
            .formatted(quoted(layers, "%s/layer.tar"));
    try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      // Sizes above 8 GiB do not occur here, so plain tar headers do.
      put(tar, "manifest.json", manifest.getBytes(StandardCharsets.UTF_8));
      put(tar, "config.json", configuration.getBytes(StandardCharsets.UTF_8));
      for (LayerArchive layer : layers) {
        header(tar, layer.contentDigest() + "/layer.tar", Files.size(layer.file()));
        Files.copy(layer.file(), tar);
        tar.closeArchiveEntry();
      }
    }
  }

  private static String quoted(List<LayerArchive> layers, String format) {
    return layers.stream()
        .map(layer -> '"' + format.formatted(layer.contentDigest()) + '"')
        .collect(Collectors.joining(","));
  }

  private static void put(TarArchiveOutputStream tar, String name, byte[] content)
      throws IOException {
    header(tar, name, content.length);
    tar.write(content);
    tar.closeArchiveEntry();
  }

  private static void header(TarArchiveOutputStream tar, String name, long size)
      throws IOException {
    var entry = new TarArchiveEntry(name);
    entry.setSize(size);
    entry.setModTime(Folder.STAMP * 1000);
    tar.putArchiveEntry(entry);
  }
}
