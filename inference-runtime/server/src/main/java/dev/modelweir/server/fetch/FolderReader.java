package dev.modelweir.server.fetch;

import dev.modelweir.server.Contents;
import dev.modelweir.server.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.function.Consumer;

/** Reads a folder, or a file, for its {@link Contents}. */
final class FolderReader extends SimpleFileVisitor<Path> {
  private final Path folder;
  private final Consumer<String> log;
  private final Progress.Meter meter;
  private final Contents contents = new Contents();

  FolderReader(Path folder, Consumer<String> log) {
    this.folder = folder;
    this.log = log;
    this.meter = new Progress.Meter(folder.toString(), -1, log);
  }

  static Contents read(Path folder, Consumer<String> log) throws IOException {
    FolderReader reader = new FolderReader(folder, log);
    Files.walkFileTree(folder, reader);
    return reader.contents;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    if (attributes.isSymbolicLink()) {
      byte[] target = Files.readSymbolicLink(file).toString().getBytes(StandardCharsets.UTF_8);
      contents.add(name(file), Sha256.of(target));
    } else if (attributes.isRegularFile()) {
      try {
        contents.add(name(file), digest(file));
      } catch (AccessDeniedException e) {
        return visitFileFailed(file, e);
      }
    }
    return FileVisitResult.CONTINUE;
  }

  /** Whoever works with the folder may not read it either, so it changes nothing for them. */
  @Override
  public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
    if (file.equals(folder) || !(failure instanceof AccessDeniedException)) {
      throw failure;
    }
    log.accept(file + " may not be read and is left out");
    return FileVisitResult.CONTINUE;
  }

  private String digest(Path file) throws IOException {
    MessageDigest digest = Sha256.begin();
    try (InputStream in =
        new DigestInputStream(new Progress(Files.newInputStream(file), meter), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
    return Sha256.end(digest);
  }

  private String name(Path file) {
    return (file.equals(folder) ? file.getFileName() : folder.relativize(file)).toString();
  }
}
