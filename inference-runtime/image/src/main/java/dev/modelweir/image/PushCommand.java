package dev.modelweir.image;

import dev.modelweir.image.oci.ImageSpec;
import dev.modelweir.image.oci.Registry;
import java.io.IOException;
import java.nio.file.Path;

/** Pushes an archive that was built before. */
final class PushCommand {
  private PushCommand() {}

  static void run(Options options) throws IOException {
    if (options.words().size() != 2) {
      throw new ImageException("push takes one archive: push FILE.tar --to HOST/PATH:TAG");
    }
    var target = ImageSpec.parseName(options.get("to"));
    new Registry(options.flag("insecure", "image.insecure"))
        .push(Path.of(options.words().get(1)), target);
  }
}
