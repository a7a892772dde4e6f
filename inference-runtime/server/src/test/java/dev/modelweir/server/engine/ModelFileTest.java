package dev.modelweir.server.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.server.Sha256;
import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFileTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "'model.onnx', model.onnx",
    "'iris.onnx', iris.onnx",
    "'a.onnx model.onnx', model.onnx",
    "'models/v1/iris.onnx', models/v1/iris.onnx",
    "'..data/iris.onnx iris.onnx', iris.onnx",
    "'.partial-fetch/other.onnx iris.onnx .hidden.onnx', iris.onnx",
    "'a/b/c/deep.onnx iris.onnx readme.txt', iris.onnx",
  })
  void findsTheOneModel(String files, String expected) throws Exception {
    create(files);
    assertThat(ModelFile.find(folder)).isEqualTo(folder.resolve(expected));
  }

  @Test
  void takesAFileAsItIs() throws Exception {
    create("anything.bin");
    assertThat(ModelFile.find(folder.resolve("anything.bin"))).hasFileName("anything.bin");
  }

  @Test
  void saysThatThereIsNone() throws IOException {
    create("readme.txt a/b/c/deep.onnx");
    assertFails(folder, ExitReason.ModelNotFound, "no *.onnx file in " + folder);
    assertFails(folder.resolve("nowhere"), ExitReason.ModelNotFound, "nowhere does not exist");
  }

  @Test
  void namesThemWhenThereAreMany() throws IOException {
    create("b.onnx x/a.onnx");
    assertFails(folder, ExitReason.ModelLoadFailed, "more than one model", "b.onnx, x/a.onnx");
  }

  @Test
  void checksTheDigest() throws Exception {
    create("model.onnx");
    Path file = folder.resolve("model.onnx");
    ModelFile.checkDigest(file, Sha256.of(file));
    assertThatThrownBy(() -> ModelFile.checkDigest(file, "sha256:00"))
        .isInstanceOf(ExitException.class)
        .hasMessageContaining(Sha256.of(file))
        .hasMessageContaining("expected sha256:00");
  }

  private void assertFails(Path path, ExitReason reason, String... messages) {
    assertThatThrownBy(() -> ModelFile.find(path))
        .isInstanceOfSatisfying(
            ExitException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(reason);
              assertThat(e).hasMessageContainingAll(messages);
            });
  }

  private void create(String files) throws IOException {
    for (String name : files.split(" ", -1)) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }
}
