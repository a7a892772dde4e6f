package dev.modelweir.image;

import dev.modelweir.image.app.AppImage;
import dev.modelweir.image.base.BaseImage;
import dev.modelweir.image.oci.ImageSpec;
import dev.modelweir.image.training.OperatorTraining;
import dev.modelweir.image.training.ServerTraining;
import dev.modelweir.image.training.Training;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Builds the image of a Java application. */
final class AppCommand {
  private static final String ASSEMBLE = "build";

  private AppCommand() {}

  static void run(Options options) throws IOException, InterruptedException {
    Output output = Output.of(options);
    Path work = output.work();
    var image =
        new AppImage(
            output.name(),
            Path.of(options.get("app")).toAbsolutePath(),
            options.all("jvm"),
            output.labels());
    String base = options.find("base").orElse(ASSEMBLE);
    if (!base.equals(ASSEMBLE)) {
      var from = ImageSpec.parseName(base);
      output.finish(image.build(from, output.insecure(), work, output.archive()));
    } else if (options.flag("skip-aot", "aot.skip")) {
      output.finish(image.build(assembled(), Optional.empty(), work, output.archive()));
    } else {
      try (Training training = training(options, work)) {
        output.finish(image.build(assembled(), Optional.of(training), work, output.archive()));
      }
    }
  }

  private static BaseImage assembled() throws IOException, InterruptedException {
    return BaseImage.assemble(BaseImage.defaultCache());
  }

  private static Training training(Options options, Path work)
      throws IOException, InterruptedException {
    return switch (options.get("train")) {
      case "server" -> new ServerTraining(Path.of(options.get("model")));
      case "operator" ->
          new OperatorTraining(
              work.resolve("training"), options.all("probe"), options.pairs("env"));
      default -> throw new ImageException("--train is either server or operator");
    };
  }
}
