package dev.modelweir.server.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelweir.server.exit.ExitException;
import dev.modelweir.server.exit.ExitReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LayerUnpackerTest {
  @TempDir Path folder;
  private Path root = Path.of("");
  private Path outside = Path.of("");

  @BeforeEach
  void makeFolders() throws IOException {
    root = Files.createDirectory(folder.resolve("root")).toRealPath();
    outside = Files.createDirectory(folder.resolve("outside")).toRealPath();
    Files.writeString(outside.resolve("precious"), "untouched");
  }

  @Test
  void laysLayersOverEachOther() throws Exception {
    unpack(
        new Tar().file("models/a.onnx", "1").file("models/b.onnx", "1").file("./etc/x", "1"),
        new Tar().file("/models/b.onnx", "2").file("models/.wh.a.onnx", "").file("c", "2"));

    assertThat(files()).containsExactly("c=2", "etc/x=1", "models/b.onnx=2");
  }

  @Test
  void opaqueFoldersHideLowerLayersOnly() throws Exception {
    unpack(
        new Tar().file("m/a", "1").file("m/sub/b", "1"),
        new Tar().folder("m").file("m/c", "2").file("m/.wh..wh..opq", "").file("m/d", "2"));

    assertThat(files()).containsExactly("m/c=2", "m/d=2");
  }

  @Test
  void keepsLinksInside() throws Exception {
    unpack(
        new Tar()
            .file("models/v1/m.onnx", "1")
            .symbolicLink("models/latest", "v1")
            .hardLink("models/copy.onnx", "models/v1/m.onnx")
            .file("models/latest/more", "1"));

    assertThat(root.resolve("models/latest")).isSymbolicLink();
    assertThat(files()).contains("models/copy.onnx=1", "models/v1/more=1");
  }

  @Test
  void leavesOutLinksAndDevicesThatLeadOutside() throws Exception {
    unpack(
        new Tar()
            .symbolicLink("absolute", outside.toString())
            .symbolicLink("relative", "../outside")
            .device("null")
            .file("ok", "1"));

    assertThat(files()).containsExactly("ok=1");
    assertThat(root.resolve("absolute")).doesNotExist();
    assertThat(Files.exists(root.resolve("relative"), LinkOption.NOFOLLOW_LINKS)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside/precious", "a/../../outside/precious", "..", ".wh..."})
  void refusesNamesThatLeadOutside(String name) {
    assertRefused(new Tar().file(name, "bad"));
  }

  @Test
  void neverWritesThroughALinkThatWasAlreadyThere() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), outside);

    assertRefused(new Tar().file("link/precious", "bad"));
    assertRefused(new Tar().file("link/.wh.precious", ""));
    unpack(new Tar().file("link", "replaced"));

    assertThat(files()).containsExactly("link=replaced");
  }

  @Test
  void refusesHardLinksToWhatIsOutside() throws Exception {
    Files.createSymbolicLink(root.resolve("link"), outside);
    assertRefused(new Tar().hardLink("mine", "link/precious"));
    assertRefused(new Tar().hardLink("mine", "../outside/precious"));
  }

  @Test
  void countsBytes() {
    LayerUnpacker unpacker = new LayerUnpacker(root, new Budget(root, OptionalLong.of(10)));
    assertThatThrownBy(() ->
            unpacker.unpack(
                "l", new ByteArrayInputStream(new Tar().file("x", "12345678901").bytes())))
        .isInstanceOfSatisfying(
            ExitException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.DiskFull));
  }

  private void unpack(Tar... layers) throws Exception {
    LayerUnpacker unpacker = new LayerUnpacker(root, new Budget(root, OptionalLong.empty()));
    for (Tar layer : layers) {
      unpacker.unpack("layer", new ByteArrayInputStream(layer.bytes()));
    }
  }

  private void assertRefused(Tar layer) {
    assertThatThrownBy(() -> unpack(layer))
        .isInstanceOfSatisfying(
            ExitException.class,
            e -> {
              assertThat(e.reason()).isEqualTo(ExitReason.FetchFailed);
              assertThat(e).hasMessageContaining("refused");
            });
    assertThat(outside.resolve("precious")).hasContent("untouched");
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
          .map(file -> root.relativize(file) + "=" + read(file))
          .sorted()
          .toList();
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
