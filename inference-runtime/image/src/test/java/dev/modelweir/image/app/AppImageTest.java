package dev.modelweir.image.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.modelweir.image.Platform;
import dev.modelweir.image.base.FakeBase;
import dev.modelweir.image.oci.Contents;
import dev.modelweir.image.oci.ImageArchive;
import dev.modelweir.image.oci.ImageSpec;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppImageTest {
  private static final String ORT_JAR = "lib/main/com.microsoft.onnxruntime.onnxruntime-1.0.jar";
  private static final String OURS =
      "ai/onnxruntime/native/" + Platform.current().onnxRuntimeFolder() + "/libonnxruntime.so";

  @TempDir Path folder;

  @Test
  void runsTheJarAsAnUnprivilegedUser() throws Exception {
    JsonNode config = configuration(build(quarkusApp(true)));
    assertThat(words(config.path("Entrypoint")))
        .containsExactly(
            "java",
            "-XX:+UseSerialGC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "-Xextra",
            "-Donnxruntime.native.path=/app/native",
            "-jar",
            "/app/quarkus-run.jar");
    assertThat(config.path("User").asText()).isEqualTo("1001");
    assertThat(config.path("WorkingDir").asText()).isEqualTo("/app");
    assertThat(words(config.path("Env")))
        .contains("ORT_DISABLE_TELEMETRY=1", "LANG=C.UTF-8", "JAVA_HOME=/opt/java");
    assertThat(config.path("Labels").path("title").asText()).isEqualTo("test");
  }

  @Test
  void theSameCanBeStartedWithoutTheImage() throws Exception {
    Path app = quarkusApp(true);
    build(app);
    Path work = folder.resolve("work");
    assertThat(Files.isExecutable(work.resolve("start"))).isTrue();
    assertThat(Files.readString(work.resolve("start")))
        .contains("export MALLOC_ARENA_MAX='2'\n", "'-XX:+UseSerialGC'", "'-Xextra'")
        .contains("'-Donnxruntime.native.path=%s'".formatted(work.resolve("native")))
        .endsWith("'-jar' '%s' \"$@\"\n".formatted(work.resolve("app/quarkus-run.jar")));
  }

  @Test
  void theStartScriptHandsOnWhatItIsGiven() throws Exception {
    Path script = folder.resolve("start");
    StartScript.write(script, Map.of("WORD", "it's"), List.of("sh", "-c", "echo $WORD $0 $1"));
    Process process = new ProcessBuilder(script.toString(), "a b", "c").start();
    assertThat(process.inputReader().readLine()).isEqualTo("it's a b c");
  }

  @Test
  void whatChangesSeldomLiesBelow() throws Exception {
    List<Map<String, byte[]>> layers = Contents.of(build(quarkusApp(true))).layers();
    assertThat(layers).hasSize(4);
    assertThat(layers.get(0)).containsOnlyKeys("/base-file");
    assertThat(layers.get(1)).containsOnlyKeys("/app/native/libonnxruntime.so");
    assertThat(layers.get(2)).containsOnlyKeys("/app/" + ORT_JAR, "/app/lib/main/other-1.0.jar");
    assertThat(layers.get(3)).containsOnlyKeys("/app/quarkus-run.jar", "/app/app/ours.jar");
  }

  @Test
  void holdsEachNativeLibraryOnceAndOnlyForThisPlatform() throws Exception {
    Path app = quarkusApp(true);
    Contents contents = Contents.of(build(app));
    assertThat(contents.paths()).filteredOn(path -> path.endsWith(".so")).hasSize(1);
    byte[] slim = requireNonNull(contents.layers().get(2).get("/app/" + ORT_JAR));
    assertThat(names(slim)).containsExactly("ai/onnxruntime/OrtEnvironment.class");
    assertThat(names(Files.readAllBytes(app.resolve(ORT_JAR)))).contains(OURS);
  }

  @Test
  void anApplicationWithoutOnnxRuntimeHasNoNatives() throws Exception {
    Path archive = build(quarkusApp(false));
    assertThat(words(configuration(archive).path("Entrypoint")))
        .noneMatch(word -> word.contains("onnxruntime"));
    assertThat(Contents.of(archive).layers()).hasSize(3);
  }

  @Test
  void anApplicationWithoutQuarkusStartsWithItsOnlyJar() throws Exception {
    Path app = quarkusApp(false);
    Files.move(app.resolve("quarkus-run.jar"), app.resolve("trainer.jar"));
    assertThat(words(configuration(build(app)).path("Entrypoint"))).endsWith("/app/trainer.jar");

    Files.writeString(app.resolve("another.jar"), "jar");
    assertThatThrownBy(() -> build(app)).hasMessageContaining("no single other jar");
  }

  @Test
  void saysThatQuarkusMustRunFirst() {
    assertThatThrownBy(() -> build(folder.resolve("empty")))
        .hasMessageContaining("quarkus-maven-plugin must run before");
  }

  private Path build(Path app) throws Exception {
    Path archive = folder.resolve("image.tar");
    new AppImage(
            ImageSpec.parseOwnName("registry.modelweir.dev/modelweir/test:1"),
            app,
            List.of("-Xextra"),
            Map.of("title", "test"))
        .build(FakeBase.in(folder), Optional.empty(), folder.resolve("work"), archive);
    return archive;
  }

  private Path quarkusApp(boolean withOnnxRuntime) throws IOException {
    Path app = folder.resolve("quarkus-app");
    Files.createDirectories(app.resolve("lib/main"));
    Files.createDirectories(app.resolve("app"));
    Files.writeString(app.resolve("quarkus-run.jar"), "jar");
    Files.writeString(app.resolve("app/ours.jar"), "jar");
    Files.writeString(app.resolve("lib/main/other-1.0.jar"), "jar");
    if (withOnnxRuntime) {
      try (var jar = new ZipOutputStream(Files.newOutputStream(app.resolve(ORT_JAR)))) {
        for (String name :
            List.of(
                "ai/onnxruntime/OrtEnvironment.class",
                OURS,
                "ai/onnxruntime/native/osx-x64/libonnxruntime.dylib")) {
          jar.putNextEntry(new ZipEntry(name));
        }
      }
    }
    return app;
  }

  private static JsonNode configuration(Path archive) throws IOException {
    try (var image = ImageArchive.open(archive)) {
      return image.configuration().path("config");
    }
  }

  private static List<String> words(JsonNode array) {
    var words = new ArrayList<String>();
    array.forEach(word -> words.add(word.asText()));
    return words;
  }

  private static List<String> names(byte[] zip) throws IOException {
    var names = new ArrayList<String>();
    try (var in = new ZipInputStream(new ByteArrayInputStream(zip))) {
      for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        names.add(entry.getName());
      }
    }
    return names;
  }
}
