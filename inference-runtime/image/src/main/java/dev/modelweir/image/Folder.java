package dev.modelweir.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;

/** A folder that the build owns: copied, stamped and deleted as a whole. */
public record Folder(Path path) {
  /** The time stamp of everything in our images: 1970-01-01T00:00:01Z, in seconds. */
  public static final long STAMP = 1;

  /** Everything below the folder, without the folder itself, in an order that never changes. */
  public List<Path> entries() throws IOException {
    try (var walk = Files.walk(path)) {
      return walk.filter(entry -> !entry.equals(path))
          .sorted(Comparator.comparing(entry -> path.relativize(entry).toString()))
          .toList();
    }
  }

  /** Regular files below the folder, in an order that never changes. */
  public List<Path> files() throws IOException {
    return entries().stream().filter(Files::isRegularFile).toList();
  }

  /** Copies everything to {@code target}, symbolic links as links. */
  public void copyTo(Path target) throws IOException {
    Files.createDirectories(target);
    for (Path entry : entries()) {
      Path copy = target.resolve(path.relativize(entry).toString());
      if (Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        Files.createDirectories(copy);
      } else {
        Files.copy(entry, copy, LinkOption.NOFOLLOW_LINKS, StandardCopyOption.REPLACE_EXISTING);
      }
    }
  }

  /** Sets the time of every file to {@link #STAMP}, as it will be in the image. */
  public void stamp() throws IOException {
    for (Path file : entries()) {
      if (!Files.isSymbolicLink(file)) {
        Files.setLastModifiedTime(file, FileTime.fromMillis(STAMP * 1000));
      }
    }
  }

  /** Deletes the folder and everything in it; fine when it does not exist. */
  public void delete() throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      for (Path entry : entries().reversed()) {
        Files.delete(entry);
      }
      Files.delete(path);
    }
  }
}
