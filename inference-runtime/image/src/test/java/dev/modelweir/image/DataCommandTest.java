package dev.modelweir.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.image.oci.Contents;
import dev.modelweir.image.oci.ImageArchive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataCommandTest {
  private static final String NAME = "registry.modelweir.dev/examples/iris:v1";

  @TempDir Path folder;

  /** Maven hands {@code -Dimage.push} on to its tests. */
  @BeforeEach
  void pushNothing() {
    System.setProperty("image.push", "false");
  }

  @Test
  void holdsTheFilesInOneLayerUnderModels() throws Exception {
    Path archive = build(files("a", 5), "a.tar");
    Contents contents = Contents.of(archive);
    assertThat(contents.layers()).hasSize(1);
    assertThat(contents.paths()).containsOnly("/models/model.onnx", "/models/labels/names.txt");
    assertThat(contents.layers().getFirst().get("/models/model.onnx")).asString().isEqualTo("onnx");
    try (var image = ImageArchive.open(archive)) {
      assertThat(image.name()).isEqualTo(NAME);
      assertThat(
              image.configuration().at("/config/Labels/org.opencontainers.image.version").asText())
          .isEqualTo("v1");
    }
  }

  @Test
  void equalFilesGiveAnEqualDigest() throws Exception {
    assertThat(digest(build(files("a", 5), "a.tar")))
        .isEqualTo(digest(build(files("b", 9), "b.tar")));
  }

  @Test
  void changedFilesAreSeenEvenIfTheirTimeIsNot() throws Exception {
    Path files = files("a", 5);
    String before = digest(build(files, "a.tar"));
    Files.writeString(files.resolve("model.onnx"), "ONNX");
    Files.setLastModifiedTime(files.resolve("model.onnx"), FileTime.fromMillis(5));
    assertThat(digest(build(files, "a.tar"))).isNotEqualTo(before);
  }

  @Test
  void aMissingFolderIsNamed() {
    assertThatThrownBy(() -> build(folder.resolve("nowhere"), "a.tar"))
        .isInstanceOf(ImageException.class)
        .hasMessageContaining("nowhere is no folder");
  }

  private Path files(String name, long time) throws IOException {
    Path files = folder.resolve(name);
    Files.createDirectories(files.resolve("labels"));
    Files.writeString(files.resolve("labels/names.txt"), "setosa");
    Path model = Files.writeString(files.resolve("model.onnx"), "onnx");
    Files.setLastModifiedTime(model, FileTime.fromMillis(time));
    return files;
  }

  private Path build(Path files, String archive) throws Exception {
    Path out = folder.resolve(archive);
    Main.main(
        new String[] {
          "data", "--name", NAME, "--files", files.toString(), "--out", out.toString()
        });
    return out;
  }

  private static String digest(Path archive) throws IOException {
    try (var image = ImageArchive.open(archive)) {
      return image.manifest().digest();
    }
  }
}
