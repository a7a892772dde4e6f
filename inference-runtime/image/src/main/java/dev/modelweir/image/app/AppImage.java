package dev.modelweir.image.app;

import com.google.cloud.tools.jib.api.ImageReference;
import dev.modelweir.image.Folder;
import dev.modelweir.image.Progress;
import dev.modelweir.image.base.BaseImage;
import dev.modelweir.image.oci.Base;
import dev.modelweir.image.oci.ImageSpec;
import dev.modelweir.image.oci.ImageSpec.Layer;
import dev.modelweir.image.oci.ImageSpec.Layer.Content;
import dev.modelweir.image.oci.ImageWriter;
import dev.modelweir.image.training.Training;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The image of one Java application.
 *
 * @param name full image name
 * @param application what quarkus-maven-plugin wrote ({@code target/quarkus-app}, packaged as
 *     aot-jar), or a folder with one jar and its libraries in {@code lib}
 * @param jvmFlags flags besides those every image has
 * @param labels additional image labels
 */
public record AppImage(
    ImageReference name, Path application, List<String> jvmFlags, Map<String, String> labels) {

  // Each thread that allocates gets an arena of up to 64 MiB from glibc, unless told otherwise.
  private static final Map<String, String> ENVIRONMENT =
      Map.of("LANG", "C.UTF-8", "ORT_DISABLE_TELEMETRY", "1", "MALLOC_ARENA_MAX", "2");

  private static final String AOT_FILE = "app.aot";
  private static final String AOT_CACHE = "-XX:AOTCache=";
  private static final String NATIVE_HOME = AppFolder.HOME + "/native";
  private static final String NATIVE_PATH = "-Donnxruntime.native.path=";

  /**
   * Builds the image on a base that was assembled here, and leaves in {@code work} a script {@code
   * start} that starts the application as the image does.
   *
   * @param training exercises the application to train its AOT cache; empty leaves the cache out
   * @param work folder for everything in between
   */
  public String build(BaseImage base, Optional<Training> training, Path work, Path archive)
      throws IOException, InterruptedException {
    Contents contents = prepare(work);
    var cache = new AotCache(base.java(), flags(contents.natives));
    List<String> start = cache.command(contents.app);
    if (training.isPresent()) {
      Path file = Files.createDirectories(work.resolve("aot")).resolve(AOT_FILE);
      cache.train(contents.app, training.get(), file);
      cache.verify(contents.app, file);
      contents = contents.with(file);
      start = cache.command(contents.app, AOT_CACHE + file);
    }
    StartScript.write(work.resolve("start"), ENVIRONMENT, start);
    return write(new Base.Archive(base.archive()), contents, work, archive, false);
  }

  /** Builds the image on one from a registry, which must have a Java run-time on its PATH. */
  public String build(ImageReference base, boolean insecure, Path work, Path archive)
      throws IOException, InterruptedException {
    Progress.say("no AOT cache in %s: it would not fit the Java of %s", name, base);
    return write(new Base.Registry(base), prepare(work), work, archive, insecure);
  }

  /** What goes into the image. */
  private record Contents(AppFolder app, Optional<Path> natives, Optional<Path> aotCache) {
    Contents with(Path cache) {
      return new Contents(app, natives, Optional.of(cache));
    }
  }

  private Contents prepare(Path work) throws IOException {
    AppFolder app = AppFolder.copyOf(application, work.resolve("app"));
    Optional<Path> natives = OnnxNatives.extract(app.libraries(), work.resolve("native"));
    new Folder(app.path()).stamp();
    return new Contents(app, natives, Optional.empty());
  }

  private String write(Base base, Contents contents, Path work, Path archive, boolean insecure)
      throws IOException, InterruptedException {
    var image =
        new ImageSpec(
            name,
            layers(contents),
            entryPoint(contents),
            ENVIRONMENT,
            labels,
            AppFolder.HOME,
            "1001");
    return new ImageWriter(work.resolve("jib"), insecure).write(base, image, archive);
  }

  /**
   * What seldom changes comes first, so that a new version of the application is a small download.
   */
  private static List<Layer> layers(Contents contents) throws IOException {
    var layers = new ArrayList<Layer>();
    contents.natives.ifPresent(
        folder -> layers.add(new Layer("natives", List.of(new Content(folder, NATIVE_HOME)))));
    Path libraries = contents.app.libraries();
    layers.add(new Layer("libraries", List.of(new Content(libraries, AppFolder.HOME + "/lib"))));
    var application = new ArrayList<Content>();
    try (var children = Files.newDirectoryStream(contents.app.path())) {
      for (Path child : children) {
        if (!child.equals(libraries)) {
          application.add(new Content(child, AppFolder.HOME + "/" + child.getFileName()));
        }
      }
    }
    layers.add(new Layer("application", application));
    contents.aotCache.ifPresent(file ->
        layers.add(new Layer("aot", List.of(new Content(file, AppFolder.HOME + "/" + AOT_FILE)))));
    return layers;
  }

  private List<String> entryPoint(Contents contents) {
    var words = new ArrayList<String>();
    words.add("java");
    words.addAll(flags(contents.natives.map(folder -> Path.of(NATIVE_HOME))));
    contents.aotCache.ifPresent(file -> words.add(AOT_CACHE + AppFolder.HOME + "/" + AOT_FILE));
    words.add("-jar");
    words.add(AppFolder.HOME + "/" + contents.app.jarName());
    return words;
  }

  /** The natives lie elsewhere while the AOT cache is trained. */
  private List<String> flags(Optional<Path> natives) {
    var flags =
        new ArrayList<>(
            List.of(
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "--enable-native-access=ALL-UNNAMED"));
    flags.addAll(jvmFlags);
    natives.ifPresent(folder -> flags.add(NATIVE_PATH + folder));
    return flags;
  }
}
