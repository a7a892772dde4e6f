package dev.modelweir.e2e.trainers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Ends well and leaves a file that is called a model and is none. */
public final class BrokenTrainer {
  private BrokenTrainer() {}

  /** Takes no arguments. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(System.getenv("MODELWEIR_MODEL_DIR"));
    Files.writeString(folder.resolve("model.onnx"), "no model\n");
  }
}
