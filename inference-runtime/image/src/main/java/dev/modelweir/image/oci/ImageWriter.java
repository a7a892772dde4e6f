package dev.modelweir.image.oci;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.JibContainer;
import com.google.cloud.tools.jib.api.JibContainerBuilder;
import com.google.cloud.tools.jib.api.LogEvent;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.RegistryImage;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import dev.modelweir.image.Folder;
import dev.modelweir.image.ImageException;
import dev.modelweir.image.Platform;
import dev.modelweir.image.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Writes an image as an OCI archive. Owner (root), modes and times are fixed, so equal files give
 * an equal digest.
 */
public final class ImageWriter {

  private final Path cache;
  private final boolean insecure;

  /**
   * @param cache working folder of jib; emptied at every use, because jib knows a layer again by
   *     the paths and times of its files only and would ship old contents
   * @param insecure whether a base may be pulled by plain http
   */
  public ImageWriter(Path cache, boolean insecure) {
    this.cache = cache;
    this.insecure = insecure;
  }

  /** Writes {@code image} to {@code file} and returns the digest of its manifest. */
  public String write(Base base, ImageSpec image, Path file)
      throws IOException, InterruptedException {
    JibContainerBuilder builder =
        start(base)
            .setFormat(ImageFormat.OCI)
            .setLabels(image.labels())
            .setEnvironment(image.environment());
    if (!image.entryPoint().isEmpty()) {
      builder.setEntrypoint(image.entryPoint());
    }
    if (!image.user().isEmpty()) {
      builder.setUser(image.user());
    }
    if (!image.workingDirectory().isEmpty()) {
      builder.setWorkingDirectory(AbsoluteUnixPath.get(image.workingDirectory()));
    }
    for (ImageSpec.Layer layer : image.layers()) {
      builder.addFileEntriesLayer(files(layer));
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    new Folder(cache).delete();
    try {
      JibContainer written =
          builder.containerize(
              Containerizer.to(TarImage.at(file).named(image.name()))
                  .setApplicationLayersCache(cache)
                  .setBaseImageLayersCache(cache)
                  .setAllowInsecureRegistries(insecure)
                  .setToolName("modelweir-image")
                  .addEventHandler(LogEvent.class, ImageWriter::log));
      return written.getDigest().toString();
    } catch (RegistryException | ExecutionException | CacheDirectoryCreationException failure) {
      Throwable cause = failure instanceof ExecutionException ? failure.getCause() : failure;
      throw new ImageException("cannot write " + image.name() + ": " + cause);
    }
  }

  private static JibContainerBuilder start(Base base) throws IOException {
    return switch (base) {
      case Base.Scratch() -> onThisPlatform(Jib.fromScratch());
      case Base.Archive(Path archive) -> Jib.from(TarImage.at(archive));
      case Base.Registry(var name) ->
          onThisPlatform(Jib.from(Credentials.with(RegistryImage.named(name), name)));
    };
  }

  private static JibContainerBuilder onThisPlatform(JibContainerBuilder builder) {
    String architecture = Platform.current().architecture();
    return builder.setPlatforms(
        Set.of(new com.google.cloud.tools.jib.api.buildplan.Platform(architecture, "linux")));
  }

  private static FileEntriesLayer files(ImageSpec.Layer layer) throws IOException {
    var files = FileEntriesLayer.builder().setName(layer.name());
    for (var content : layer.contents()) {
      files.addEntryRecursive(content.source(), AbsoluteUnixPath.get(content.target()));
    }
    return files.build();
  }

  private static void log(LogEvent event) {
    if (event.getLevel() == LogEvent.Level.ERROR || event.getLevel() == LogEvent.Level.WARN) {
      Progress.say("%s", event.getMessage());
    }
  }
}
