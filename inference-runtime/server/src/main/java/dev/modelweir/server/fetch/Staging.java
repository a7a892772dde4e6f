package dev.modelweir.server.fetch;

import dev.modelweir.server.FileTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * The target folder: what arrives is written to a hidden folder inside it and moved in place only
 * when it is complete and on the disk. A marker says which model the folder holds.
 *
 * @param target the folder that the server will read
 * @param identity what is being fetched, without secrets; the marker's content
 */
record Staging(Path target, String identity) {
  private static final String MARKER = ".complete";

  Path folder() {
    return target.resolve(".partial-fetch");
  }

  boolean alreadyComplete() throws IOException {
    Path marker = target.resolve(MARKER);
    return Files.isRegularFile(marker, LinkOption.NOFOLLOW_LINKS)
        && Files.readString(marker).equals(identity);
  }

  /** Begins anew, whatever an earlier attempt left. */
  void begin() throws IOException {
    Files.createDirectories(target);
    Files.deleteIfExists(target.resolve(MARKER));
    FileTree.delete(folder());
    Files.createDirectory(folder());
  }

  /** Makes everything visible. */
  void publish() throws IOException {
    FileTree.sync(folder());
    try (Stream<Path> entries = Files.list(folder())) {
      for (Path entry : entries.toList()) {
        Path place = target.resolve(entry.getFileName().toString());
        if (Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)) {
          FileTree.delete(place);
        }
        Files.move(
            entry, place, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Path marker = folder().resolve(MARKER);
    Files.writeString(marker, identity, StandardCharsets.UTF_8);
    FileTree.sync(folder());
    Files.move(marker, target.resolve(MARKER), StandardCopyOption.ATOMIC_MOVE);
    Files.delete(folder());
    FileTree.syncFolder(target);
  }
}
