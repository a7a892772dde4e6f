package dev.modelweir.server;

import java.nio.file.Path;

/** The models that make-models.py made. */
public final class TestModels {
  private TestModels() {}

  public static Path folder(String name) {
    return Path.of("src/test/resources/models", name).toAbsolutePath();
  }

  public static Path file(String name) {
    return folder(name).resolve("model.onnx");
  }
}
