package dev.modelweir.image;

import dev.modelweir.image.oci.Base;
import dev.modelweir.image.oci.ImageSpec;
import dev.modelweir.image.oci.ImageSpec.Layer;
import dev.modelweir.image.oci.ImageWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Builds an image that only holds files. */
final class DataCommand {
  private DataCommand() {}

  static void run(Options options) throws IOException, InterruptedException {
    Output output = Output.of(options);
    Path files = Path.of(options.get("files")).toAbsolutePath();
    if (!Files.isDirectory(files)) {
      throw new ImageException("nothing to put into the image: %s is no folder".formatted(files));
    }
    var content = new Layer.Content(files, options.find("at").orElse("/models"));
    var image =
        new ImageSpec(
            output.name(),
            List.of(new Layer("data", List.of(content))),
            List.of(),
            Map.of(),
            output.labels(),
            "",
            "");
    var writer = new ImageWriter(output.work().resolve("jib"), false);
    output.finish(writer.write(new Base.Scratch(), image, output.archive()));
  }
}
