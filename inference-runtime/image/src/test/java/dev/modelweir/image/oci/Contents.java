package dev.modelweir.image.oci;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The files of an image archive, layer by layer, by their path inside the image. */
public record Contents(List<Map<String, byte[]>> layers) {

  public static Contents of(Path archive) throws IOException {
    var layers = new ArrayList<Map<String, byte[]>>();
    try (var image = ImageArchive.open(archive)) {
      for (var layer : image.blobs().subList(1, image.blobs().size())) {
        var files = new HashMap<String, byte[]>();
        try (var tar = new TarArchiveInputStream(new GZIPInputStream(image.open(layer)))) {
          for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
            if (entry.isFile()) {
              files.put("/" + entry.getName(), tar.readAllBytes());
            }
          }
        }
        layers.add(files);
      }
    }
    return new Contents(layers);
  }

  /** Paths in all layers; a path in two layers appears twice. */
  public List<String> paths() {
    return layers.stream().flatMap(layer -> layer.keySet().stream()).toList();
  }
}
